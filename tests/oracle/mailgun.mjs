// Mailgun: their client posts the same fields to the same place; webhooks signed as they document it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drive, hook } from "./frame/drive.mjs";
import { account as own, one, same, sameEvents, signed } from "./service/mailgun.mjs";

const account = { name: "main", ...own };
const at = Date.UTC(2026, 10, 22, 3, 50);
const parcel = (n, name) => ({ to: `c${n}@example.com`, ref: `ref${n}`, channel: "email", category: "marketing", subject: `${name}，您的车好了`,
	text: `${name}，请来取车。`, html: `<p class="a">${name} & 您 100%</p>`, unsubscribe: `https://reach.example.com/u/ref${n}` });

test("one mail has the fields their client posts", async () => {
	const p = parcel(1, "李女士"), t = await same(await drive("request", { account, at, parcels: [p] }), one(p));
	const { answers } = await drive("answer", { account, at, parcels: [p], status: 200, body: JSON.stringify({ id: t.got.id, message: t.got.message }) });
	assert.deepEqual([answers[0].outcome, answers[0].id], ["accepted", "1@mg.dealer.example"]);
});

test("a batch has the fields their client posts, and each gets its own", async () => {
	const all = [parcel(1, "李女士"), parcel(2, "王先生")];
	const variables = Object.fromEntries(all.map((p) => [p.to, { ref: p.ref, subject: p.subject, text: p.text, html: p.html, XReachId: p.ref,
		ListUnsubscribe: `<${p.unsubscribe}>`, ListUnsubscribePost: "List-Unsubscribe=One-Click" }]));
	const t = await same(await drive("request", { account, at, parcels: all }), { from: account.from, to: all.map((p) => p.to), subject: "%recipient.subject%", text: "%recipient.text%",
		html: "%recipient.html%", "o:tracking": "no", "h:Reply-To": account.reply_to, "h:X-Reach-Id": "%recipient.XReachId%",
		"h:List-Unsubscribe": "%recipient.ListUnsubscribe%", "h:List-Unsubscribe-Post": "%recipient.ListUnsubscribePost%",
		"v:reach-id": "%recipient.ref%", "recipient-variables": JSON.stringify(variables) });
	assert.equal(t.body.match(/name="to"/g).length, 2);
});

test("events are asked for as their client does", async () => {
	await sameEvents(await drive("query", { account, at, parcel: parcel(1, "李女士") }), { begin: at / 1000 - 300, ascending: "yes", limit: 300, recipient: "c1@example.com" });
});

const data = { event: "delivered", id: "e1", timestamp: at / 1000, recipient: "c1@example.com", "user-variables": { "reach-id": "ref1" },
	message: { headers: { "message-id": "1@mg.dealer.example" } } };
const post = (signature, now = at, more = data) => hook(account, { body: JSON.stringify({ signature, "event-data": more }), now });

test("W1-W3 webhooks: right, forged, stale, replayed", async () => {
	const right = signed("signing-example", at / 1000, "t".repeat(50)), ok = await post(right);
	assert.deepEqual([ok.status, ok.receipts[0].kind, ok.receipts[0].ref], [200, "delivered", "ref1"]);
	assert.equal((await post(signed("another", at / 1000, "t1"))).status, 401);
	assert.equal((await post({ ...right, token: "x".repeat(50) })).status, 401);
	assert.equal((await post(right, at + 8 * 3600e3)).status, 200);
	assert.equal((await post(right, at + 10 * 3600e3)).status, 401);
	assert.equal((await post(right, at, { ...data, event: "complained", id: "e2" })).receipts[0].once, ok.receipts[0].once);
	assert.equal((await post(signed("signing-example", at / 1000, "t2"))).receipts[0].key, ok.receipts[0].key);
	assert.equal((await hook(account, { body: "no JSON", now: at })).status, 406);
});
