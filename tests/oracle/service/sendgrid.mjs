// SendGrid. Their Mail class builds the same request; their verifier and ours agree on webhooks.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { headersOf } from "../frame/request.mjs";
import { mailOf, sender, unsubscribes } from "./mails.mjs";

const require = createRequire(import.meta.url);
const { classes: { Mail } } = require("@sendgrid/helpers");
const { EventWebhook, EventWebhookHeader } = require("@sendgrid/eventwebhook");
const ecdsa = require("starkbank-ecdsa");
const { prime256v1 } = require("starkbank-ecdsa/ellipticcurve/curve");

export const pair = new ecdsa.PrivateKey(prime256v1), other = new ecdsa.PrivateKey(prime256v1);
const pem = (key) => key.publicKey().toPem().replace(/-----[A-Z ]+-----|\s/g, "");
export const account = { type: "sendgrid", ...sender, reply_to: "service@dealer.example", api_key: "SG.example", webhook_key: pem(pair) };

const off = { clickTracking: { enable: false, enableText: false }, openTracking: { enable: false }, subscriptionTracking: { enable: false } };
const common = { from: { email: account.from, name: account.from_name }, replyTo: account.reply_to, trackingSettings: off };

// What their class makes of it, as it goes over the wire.
function made(data) {
	const mail = Mail.create({ hideWarnings: true, ...common, ...data });
	const j = JSON.parse(JSON.stringify(mail));
	delete j.subject;
	return j;
}
const person = (p) => ({ to: [p.to], subject: p.subject, customArgs: { reach_id: p.ref },
	headers: { "Message-ID": `<${p.ref}@dealer.example>`, "X-Reach-Id": p.ref, ...unsubscribes(p) } });
const content = (text, html) => [{ type: "text/plain", value: text }, { type: "text/html", value: html }];
export const one = (p) => made({ personalizations: [person(p)], content: content(p.text, p.html) });
export const many = (all) => made({ content: content("-reach_text-", "-reach_html-"), personalizations: all.map((p) => ({ ...person(p),
	substitutionWrappers: ["-", "-"], substitutions: { reach_text: p.text, reach_html: p.html } })) });

// Signed by the library their verifier is made of; `said`: what their verifier says of what is sent.
export function signed(body, { key = pair, sent = body, stamp }) {
	const signature = ecdsa.Ecdsa.sign(stamp + body, key).toBase64(), judge = new EventWebhook();
	const said = judge.verifySignature(judge.convertPublicKeyToECDSA(account.webhook_key), sent, signature, String(stamp));
	return { said, body: sent, headers: { [EventWebhookHeader.SIGNATURE()]: signature, [EventWebhookHeader.TIMESTAMP()]: String(stamp) } };
}

export const event = (at, more) => JSON.stringify([{ email: "c1@example.com", timestamp: Math.floor(at / 1000), event: "delivered", sg_event_id: "e1", ...more }]) + "\r\n";
const post = (m, { ago = 0, ...how } = {}) => {
	const body = event(m.now, { email: m.to, reach_id: m.ref });
	return signed(body, { stamp: Math.floor((m.now - ago) / 1000), ...how, sent: how.change?.(body) ?? body });
};
const wrong = (m, how) => {
	const p = post(m, how);
	assert.equal(p.said, false);
	return p;
};

export default {
	account, secrets: ["api_key"], channel: "email", to: "sendgrid@example.com",
	answer: () => ({ status: 202, headers: { "x-message-id": "sg-1" } }),
	judge(r, m) {
		const j = JSON.parse(r.body), [text, html] = j.content.map((c) => c.value);
		const p = mailOf(m, { ref: j.personalizations[0].custom_args.reach_id, text, html });
		assert.deepEqual([r.method, r.path, headersOf(r).authorization], ["POST", "/v3/mail/send", "Bearer SG.example"]);
		assert.deepEqual(j, one(p));
		return p;
	},
	post,
	refuses: {
		"tampered": (m) => wrong(m, { change: (body) => body.replace("delivered", "dropped") }),
		"of another key": (m) => wrong(m, { key: other }),
		"stale": (m) => post(m, { ago: 26 * 3600e3 }),
		"not signed": (m) => ({ body: post(m).body }),
	},
};
