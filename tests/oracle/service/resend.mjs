// Resend. Their SDK makes the same call of the same mail; Svix's own code signs webhooks.
import assert from "node:assert/strict";
import { Resend } from "resend";
import { Webhook } from "svix";
import { headersOf, sameAddress } from "../frame/request.mjs";
import { mailOf, sender, unsubscribes } from "./mails.mjs";

export const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", otherSecret = "whsec_" + Buffer.alloc(24, 7).toString("base64");
export const account = { type: "resend", ...sender, reply_to: "service@dealer.example", api_key: "re_example", webhook_secret: secret };

export const mail = (p) => ({
	from: `"${sender.from_name}" <${sender.from}>`, to: [p.to], subject: p.subject, text: p.text, html: p.html,
	replyTo: account.reply_to, tags: [{ name: "reach_id", value: p.ref }], headers: { "X-Reach-Id": p.ref, ...unsubscribes(p) },
});

// What their SDK would send.
async function theirs(call) {
	const real = globalThis.fetch;
	let seen;
	globalThis.fetch = async (url, init) => {
		seen = { url: String(url), method: init.method, headers: Object.fromEntries(new Headers(init.headers)), body: JSON.parse(init.body) };
		return new Response("{\"id\":\"x\",\"data\":[]}", { status: 200, headers: { "content-type": "application/json" } });
	};
	try { await call(new Resend("re_example")); } finally { globalThis.fetch = real; }
	return seen;
}

// The call is theirs.
export async function same(r, call) {
	const other = await theirs(call), h = headersOf(r);
	assert.equal(r.method, other.method);
	sameAddress(r.url, other.url);
	for (const name of ["authorization", "idempotency-key", "content-type", "x-batch-validation"])
		assert.equal(h[name], other.headers[name], name);
	assert.ok(h["user-agent"]);
	assert.deepEqual(JSON.parse(r.body), other.body);
}

// Headers by which Svix signs a body.
export function signed(body, at, { id = "msg_1", key = secret } = {}) {
	return { "svix-id": id, "svix-timestamp": String(Math.floor(at / 1000)), "svix-signature": new Webhook(key).sign(id, new Date(at), body) };
}

const post = (m, { ago = 0, sent = (body) => body, ...how } = {}) => {
	const body = JSON.stringify({ type: "email.delivered", created_at: new Date(m.now).toISOString(), data: { email_id: "e1", to: [m.to], tags: { reach_id: m.ref } } });
	return { body: sent(body), headers: { "content-type": "application/json", ...signed(body, m.now - ago, how) } };
};

export default {
	account, secrets: ["api_key", "webhook_secret"], channel: "email", to: "resend@example.com",
	answer: () => ({ body: { id: "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794" } }),
	async judge(r, m) {
		const j = JSON.parse(r.body), p = mailOf(m, { ref: j.headers["X-Reach-Id"], text: j.text, html: j.html });
		const idempotencyKey = headersOf(r)["idempotency-key"];
		assert.ok(idempotencyKey);
		await same(r, (sdk) => sdk.emails.send(mail(p), { idempotencyKey }));
		return p;
	},
	post,
	again: (m) => post(m, { ago: 60e3 }), // it has a new stamp and the same id
	refuses: {
		"tampered": (m) => post(m, { sent: (body) => body.replace("delivered", "bounced") }),
		"of another key": (m) => post(m, { key: otherSecret }),
		"under another id": (m) => ({ ...post(m), headers: { ...post(m).headers, "svix-id": "msg_2" } }),
		"stale": (m) => post(m, { ago: 310e3 }),
		"of a time to come": (m) => post(m, { ago: -330e3 }),
		"not signed": (m) => ({ body: post(m).body }),
	},
};
