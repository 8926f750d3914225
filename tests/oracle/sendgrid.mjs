// SendGrid: their Mail class builds the same request; their verifier and ours agree on webhooks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRequire } from "node:module";
import { drive, headersOf, hook } from "./frame/drive.mjs";

const require = createRequire(import.meta.url);
const { classes: { Mail } } = require("@sendgrid/helpers");
const { EventWebhook, EventWebhookHeader } = require("@sendgrid/eventwebhook");
const ecdsa = require("starkbank-ecdsa");
const { prime256v1 } = require("starkbank-ecdsa/ellipticcurve/curve");

const pair = new ecdsa.PrivateKey(prime256v1), other = new ecdsa.PrivateKey(prime256v1);
const pem = (key) => key.publicKey().toPem().replace(/-----[A-Z ]+-----|\s/g, "");
const account = { name: "main", type: "sendgrid", from: "news@dealer.example", from_name: "示例汽车", reply_to: "service@dealer.example",
	api_key: "SG.example", webhook_key: pem(pair) };
const at = Date.UTC(2026, 10, 22, 3, 50);
const parcel = (n, name) => ({ to: `c${n}@example.com`, ref: `ref${n}`, channel: "email", category: "marketing", subject: `${name}，您的车好了`,
	text: `${name}，请来取车。`, html: `<p class="a">${name} & 您</p>`, unsubscribe: `https://reach.example.com/u/ref${n}` });
const headers = (n) => ({ "Message-ID": `<ref${n}@dealer.example>`, "X-Reach-Id": `ref${n}`,
	"List-Unsubscribe": `<https://reach.example.com/u/ref${n}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" });
const off = { clickTracking: { enable: false, enableText: false }, openTracking: { enable: false }, subscriptionTracking: { enable: false } };
const common = { from: { email: account.from, name: account.from_name }, replyTo: account.reply_to, trackingSettings: off };

// What their class makes, as it goes over the wire.
function theirs(data) {
	const mail = Mail.create({ hideWarnings: true, ...common, ...data });
	const j = JSON.parse(JSON.stringify(mail));
	delete j.subject;
	return j;
}

test("one mail is what their class builds", async () => {
	const p = parcel(1, "李女士"), r = await drive("request", { account, at, parcels: [p] });
	assert.equal(headersOf(r).authorization, "Bearer SG.example");
	assert.equal(r.url, "https://api.sendgrid.com/v3/mail/send");
	assert.deepEqual(JSON.parse(r.body), theirs({
		personalizations: [{ to: [p.to], subject: p.subject, headers: headers(1), customArgs: { reach_id: "ref1" } }],
		content: [{ type: "text/plain", value: p.text }, { type: "text/html", value: p.html }],
	}));
});

test("a batch is what their class builds, texts by substitution", async () => {
	const all = [parcel(1, "李女士"), parcel(2, "王先生")], r = await drive("request", { account, at, parcels: all });
	assert.deepEqual(JSON.parse(r.body), theirs({
		personalizations: all.map((p, i) => ({ to: [p.to], subject: p.subject, headers: headers(i + 1), customArgs: { reach_id: p.ref },
			substitutionWrappers: ["-", "-"], substitutions: { reach_text: p.text, reach_html: p.html } })),
		content: [{ type: "text/plain", value: "-reach_text-" }, { type: "text/html", value: "-reach_html-" }],
	}));
});

const events = (more = {}) => JSON.stringify([{ email: "c1@example.com", timestamp: at / 1000, event: "delivered", sg_event_id: "e1", reach_id: "ref1", ...more }]) + "\r\n";

// Signed by the library their verifier is made of; verified by theirs and by ours.
async function judge(body, { key = pair, sent = body, stamp = at / 1000, now = at, acc = account } = {}) {
	const signature = ecdsa.Ecdsa.sign(stamp + body, key).toBase64(), judgeOf = new EventWebhook();
	const said = judgeOf.verifySignature(judgeOf.convertPublicKeyToECDSA(acc.webhook_key), sent, signature, String(stamp));
	const ours = await hook(acc, { body: sent, now, headers: { [EventWebhookHeader.SIGNATURE()]: signature, [EventWebhookHeader.TIMESTAMP()]: String(stamp) } });
	return { said, ours };
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
