// Mailgun: their client posts the same fields to the same place; webhooks signed as they document it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import FormData from "form-data";
import Mailgun from "mailgun.js";
import { drive, headersOf, hook } from "./frame/drive.mjs";

const account = { name: "main", type: "mailgun", from: "news@dealer.example", reply_to: "service@dealer.example", domain: "mg.dealer.example",
	api_key: "key-example", signing_key: "signing-example", events_key: "events-example" };
const at = Date.UTC(2026, 10, 22, 3, 50);
const parcel = (n, name) => ({ to: `c${n}@example.com`, ref: `ref${n}`, channel: "email", category: "marketing", subject: `${name}，您的车好了`,
	text: `${name}，请来取车。`, html: `<p class="a">${name} & 您 100%</p>`, unsubscribe: `https://reach.example.com/u/ref${n}` });

// Where their client posts to, and what: [name, value] as they came.
async function theirs(data) {
	let got;
	const server = createServer((req, res) => {
		const chunks = [];
		req.on("data", (c) => chunks.push(c));
		req.on("end", async () => {
			const form = await new Response(Buffer.concat(chunks), { headers: { "content-type": req.headers["content-type"] } }).formData();
			got = { path: req.url, authorization: req.headers.authorization, fields: [...form.entries()] };
			res.setHeader("content-type", "application/json");
			res.end('{"id":"<1@mg.dealer.example>","message":"Queued. Thank you."}');
		});
	}).listen(0, "127.0.0.1");
	await new Promise((done) => server.on("listening", done));
	const client = new Mailgun(FormData).client({ username: "api", key: account.api_key, url: `http://127.0.0.1:${server.address().port}` });
	const answer = await client.messages.create(account.domain, data);
	server.closeAllConnections();
	server.close();
	return { ...got, answer };
}

const sorted = (fields) => fields.map(([k, v]) => `${k}=${v}`).sort();

async function same(parcels, data) {
	const r = await drive("request", { account, at, parcels }), t = await theirs(data);
	assert.equal(new URL(r.url).pathname, t.path);
	assert.equal(headersOf(r).authorization, t.authorization);
	assert.deepEqual(sorted([...new URLSearchParams(r.body)]), sorted(t.fields));
	return t;
}

test("one mail has the fields their client posts", async () => {
	const p = parcel(1, "李女士");
	const t = await same([p], { from: account.from, to: p.to, subject: p.subject, text: p.text, html: p.html, "o:tracking": "no",
		"h:Reply-To": account.reply_to, "h:Message-Id": "<ref1@dealer.example>", "h:X-Reach-Id": "ref1",
		"h:List-Unsubscribe": `<${p.unsubscribe}>`, "h:List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "v:reach-id": "ref1" });
	const { answers } = await drive("answer", { account, at, parcels: [p], status: 200, body: JSON.stringify({ id: t.answer.id, message: t.answer.message }) });
	assert.deepEqual([answers[0].outcome, answers[0].id], ["accepted", "1@mg.dealer.example"]);
});

test("a batch has the fields their client posts, and each gets its own", async () => {
	const all = [parcel(1, "李女士"), parcel(2, "王先生")];
	const variables = Object.fromEntries(all.map((p) => [p.to, { ref: p.ref, subject: p.subject, text: p.text, html: p.html, XReachId: p.ref,
		ListUnsubscribe: `<${p.unsubscribe}>`, ListUnsubscribePost: "List-Unsubscribe=One-Click" }]));
	const t = await same(all, { from: account.from, to: all.map((p) => p.to), subject: "%recipient.subject%", text: "%recipient.text%",
		html: "%recipient.html%", "o:tracking": "no", "h:Reply-To": account.reply_to, "h:X-Reach-Id": "%recipient.XReachId%",
		"h:List-Unsubscribe": "%recipient.ListUnsubscribe%", "h:List-Unsubscribe-Post": "%recipient.ListUnsubscribePost%",
		"v:reach-id": "%recipient.ref%", "recipient-variables": JSON.stringify(variables) });
	assert.equal(t.fields.filter(([k]) => k === "to").length, 2);
});

test("events are asked for as their client does", async () => {
	let seen;
	const server = createServer((req, res) => {
		seen = { method: req.method, url: new URL(req.url, "http://x"), authorization: req.headers.authorization };
		res.setHeader("content-type", "application/json");
		res.end('{"items":[],"paging":{}}');
	}).listen(0, "127.0.0.1");
	await new Promise((done) => server.on("listening", done));
	const client = new Mailgun(FormData).client({ username: "api", key: account.events_key, url: `http://127.0.0.1:${server.address().port}` });
	await client.events.get(account.domain, { begin: at / 1000 - 300, ascending: "yes", limit: 300, recipient: "c1@example.com" }).catch(() => 0);
	server.closeAllConnections();
	server.close();
	const r = await drive("query", { account, at, parcel: parcel(1, "李女士") }), ours = new URL(r.url);
	assert.deepEqual([r.method, ours.pathname, headersOf(r).authorization], [seen.method, seen.url.pathname, seen.authorization]);
	assert.deepEqual(Object.fromEntries(ours.searchParams), Object.fromEntries(seen.url.searchParams));
});

const signed = (key, stamp, token) => ({ timestamp: String(stamp), token, signature: createHmac("sha256", key).update(stamp + token).digest("hex") });
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
