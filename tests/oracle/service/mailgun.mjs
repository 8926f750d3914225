// Mailgun. Their client posts the same fields; webhooks are signed as they document it, for their
// SDK has no code for that.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import FormData from "form-data";
import Mailgun from "mailgun.js";
import { headersOf } from "../frame/request.mjs";
import { asked } from "../frame/recorder.mjs";
import { until } from "../frame/until.mjs";
import { mailOf, sender, unsubscribes } from "./mails.mjs";

export const account = { type: "mailgun", from: sender.from, reply_to: "service@dealer.example", domain: "mg.dealer.example",
	api_key: "key-example", signing_key: "signing-example", events_key: "events-example" };
const answer = (r) => ({ body: r.method === "GET" ? { items: [], paging: {} } : { id: "<1@mg.dealer.example>", message: "Queued. Thank you." } });

const theirs = (key, run) => asked(answer, (url) => run(new Mailgun(FormData).client({ username: "api", key, url })));

const fieldsOf = async (r) => {
	const form = await new Response(r.body, { headers: { "content-type": headersOf(r)["content-type"] } }).formData();
	return [...form.entries()].map(([k, v]) => `${k}=${v}`).sort();
};

// The call is the one their client makes of `data`: [name, value]s, whatever way they are encoded.
export async function same(r, data) {
	const t = await theirs(account.api_key, (client) => client.messages.create(account.domain, data));
	assert.equal(new URL(r.url).pathname, t.path);
	assert.equal(headersOf(r).authorization, headersOf(t).authorization);
	assert.deepEqual(await fieldsOf(r), await fieldsOf(t));
	return t;
}

// What is asked for is what their client asks for with the same parameters.
export async function sameEvents(r, asks) {
	const t = await theirs(account.events_key, (client) => client.events.get(account.domain, asks).catch(() => 0));
	const [a, b] = [new URL(r.url), new URL(t.url)];
	assert.deepEqual([r.method, a.pathname, headersOf(r).authorization], [t.method, b.pathname, headersOf(t).authorization]);
	assert.deepEqual(Object.fromEntries(a.searchParams), Object.fromEntries(b.searchParams));
}

export const one = (p) => ({ from: account.from, to: p.to, subject: p.subject, text: p.text, html: p.html, "o:tracking": "no",
	"h:Reply-To": account.reply_to, "h:Message-Id": `<${p.ref}@dealer.example>`, "h:X-Reach-Id": p.ref,
	...Object.fromEntries(Object.entries(unsubscribes(p)).map(([k, v]) => [`h:${k}`, v])), "v:reach-id": p.ref });

export const signed = (key, stamp, token) => ({ timestamp: String(stamp), token, signature: createHmac("sha256", key).update(stamp + token).digest("hex") });

function post(m, { key = account.signing_key, ago = 0, change = (s) => s, token = "t".repeat(50) } = {}) {
	const stamp = Math.floor((m.now - ago) / 1000);
	return { headers: { "content-type": "application/json" }, body: JSON.stringify({ signature: change(signed(key, stamp, token)), "event-data": {
		event: "delivered", id: "e1", timestamp: stamp, recipient: m.to, "user-variables": { "reach-id": m.ref }, message: { headers: { "message-id": "1@mg.dealer.example" } } } }) };
}

export default {
	account, secrets: ["api_key", "signing_key", "events_key"], channel: "email", to: "mailgun@example.com", answer,
	async judge(r, m) {
		const f = new URLSearchParams(r.body), p = mailOf(m, { ref: f.get("v:reach-id"), text: f.get("text"), html: f.get("html") });
		await same(r, one(p));
		const list = await until("its list is asked for", () => m.calls.find((c) => c.method === "GET"));
		await sameEvents(list, { begin: new URL(list.url).searchParams.get("begin"), ascending: "yes", limit: 50 });
		return p;
	},
	post,
	refuses: {
		"tampered": (m) => post(m, { change: (s) => ({ ...s, token: "x".repeat(50) }) }),
		"of another key": (m) => post(m, { key: "another" }),
		"stale": (m) => post(m, { ago: 10 * 3600e3 }),
		"not signed": (m) => post(m, { change: () => undefined }),
	},
};
