// Resend: their SDK makes the same call of the same mail, and Svix's own code signs what we take or refuse.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Resend } from "resend";
import { drive, headersOf, hook } from "./frame/drive.mjs";
import { account as own, mail as mailOf, otherSecret, same, secret, signed as sign } from "./service/resend.mjs";

const account = { name: "main", ...own };
const at = Date.UTC(2026, 10, 22, 3, 50);
const parcel = (n) => ({
	to: `c${n}@customer.example`, ref: `ref${n}`, call: "call0000000000000000aaaa", channel: "email", category: "marketing",
	subject: "保养提醒 \"A\"", text: "您好\n", html: "<p>您好</p>", unsubscribe: "https://reach.example.com/u/abc",
});
const mail = (n) => mailOf(parcel(n));

test("one mail is the call their SDK makes", async () => {
	const key = { idempotencyKey: "call0000000000000000aaaa" };
	await same(await drive("request", { account, at, parcels: [parcel(1)] }), (r) => r.emails.send(mail(1), key));
});

test("a batch is the call their SDK makes, strict", async () => {
	const key = { idempotencyKey: "call0000000000000000aaaa" };
	await same(await drive("request", { account, at, parcels: [parcel(1), parcel(2)] }), (r) => r.batch.send([mail(1), mail(2)], key));
});

const body = JSON.stringify({ type: "email.delivered", created_at: "2026-11-22T03:49:58.000Z", data: { email_id: "e1", to: ["c1@customer.example"], tags: { reach_id: "ref1" } } });
const signed = (seconds = 0, id = "msg_1", text = body, key = secret) => sign(text, at + seconds * 1000, { id, key });
const post = (headers, text = body) => hook(account, { headers, body: text, now: at });

test("W1 resend: tampered, another secret, another id", async () => {
	assert.equal((await post(signed(), body.replace("ref1", "ref2"))).status, 401);
	assert.equal((await post(signed(0, "msg_1", body, otherSecret))).status, 401);
	assert.equal((await post({ ...signed(), "svix-id": "msg_2" })).status, 401);
});

test("W2 resend: five minutes either way, no more", async () => {
	for (const [seconds, status] of [[-300, 200], [300, 200], [-301, 401], [301, 401]])
		assert.equal((await post(signed(seconds))).status, status, String(seconds));
});

test("while a secret is replaced one of two signatures is enough", async () => {
	const h = signed();
	h["svix-signature"] = `${signed(0, "msg_1", body, otherSecret)["svix-signature"]} ${h["svix-signature"]}`;
	assert.equal((await post(h)).status, 200);
});

test("a mail is asked for as their SDK does, and read as it reads it", async () => {
	const real = globalThis.fetch, id = "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794";
	const body = JSON.stringify({ object: "email", id, to: ["c1@customer.example"], from: "news@dealer.example", subject: "s", last_event: "bounced" });
	let seen;
	globalThis.fetch = async (url, init) => ((seen = { url: String(url), init }), new Response(body, { status: 200, headers: { "content-type": "application/json" } }));
	let got;
	try { got = await new Resend("re_read").emails.get(id); } finally { globalThis.fetch = real; }
	const reads = { ...account, read_key: "re_read" }, asked = { ...parcel(1), provider_id: id };
	const ours = await drive("query", { account: reads, at, parcel: asked });
	assert.deepEqual([ours.method, ours.url, headersOf(ours).authorization], [seen.init.method, seen.url, new Headers(seen.init.headers).get("authorization")]);
	const { answers } = await drive("query_answer", { account: reads, at, parcel: asked, status: 200, body });
	assert.deepEqual([answers[0].outcome, answers[0].id, answers[0].perr], ["accepted", got.data.id, got.data.last_event]);
});
