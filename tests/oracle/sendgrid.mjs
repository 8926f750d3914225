// SendGrid: their Mail class builds the same request; their verifier and ours agree on webhooks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drive, headersOf, hook } from "./frame/drive.mjs";
import { account as own, event, many, one, other, signed } from "./service/sendgrid.mjs";

const account = { name: "main", ...own };
const at = Date.UTC(2026, 10, 22, 3, 50);
const parcel = (n, name) => ({ to: `c${n}@example.com`, ref: `ref${n}`, channel: "email", category: "marketing", subject: `${name}，您的车好了`,
	text: `${name}，请来取车。`, html: `<p class="a">${name} & 您</p>`, unsubscribe: `https://reach.example.com/u/ref${n}` });

test("one mail is what their class builds", async () => {
	const p = parcel(1, "李女士"), r = await drive("request", { account, at, parcels: [p] });
	assert.equal(headersOf(r).authorization, "Bearer SG.example");
	assert.equal(r.url, "https://api.sendgrid.com/v3/mail/send");
	assert.deepEqual(JSON.parse(r.body), one(p));
});

test("a batch is what their class builds, texts by substitution", async () => {
	const all = [parcel(1, "李女士"), parcel(2, "王先生")], r = await drive("request", { account, at, parcels: all });
	assert.deepEqual(JSON.parse(r.body), many(all));
});

const events = (more = {}) => event(at, { reach_id: "ref1", ...more });

// What their verifier says of it, and ours.
async function judge(body, { now = at, ...how } = {}) {
	const { said, ...post } = signed(body, { stamp: at / 1000, ...how });
	return { said, ours: await hook(account, { ...post, now }) };
}

test("W1 what they sign we take", async () => {
	for (let i = 0; i < 10; i++) { // DER is of many lengths
		const { said, ours } = await judge(events({ sg_event_id: `e${i}`, ip: "李" }));
		assert.equal(said, true);
		assert.equal(ours.status, 200);
		assert.deepEqual([ours.receipts[0].kind, ours.receipts[0].ref, ours.receipts[0].key], ["delivered", "ref1", `e${i}`]);
	}
});

test("W1 what they refuse we refuse", async () => {
	const body = events();
	for (const [name, how] of Object.entries({
		"one byte changed": { sent: body.replace("ref1", "ref2") },
		"without its last line break": { sent: body.trimEnd() },
		"another key": { key: other },
	})) {
		const { said, ours } = await judge(body, how);
		assert.equal(said, false, name);
		assert.equal(ours.status, 401, name);
	}
});

test("W2 what is older than their retries is refused; W3 told again it has the same key", async () => {
	assert.equal((await judge(events(), { now: at + 26 * 3600e3 })).ours.status, 401);
	assert.equal((await judge(events(), { now: at + 24 * 3600e3 })).ours.status, 200);
	const a = await judge(events()), b = await judge(events());
	assert.equal(a.ours.receipts[0].key, b.ours.receipts[0].key);
});
