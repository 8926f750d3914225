// Alibaba Cloud DirectMail. Their SDK signs and its model takes our fields; its events are signed by
// nobody, the address holds a secret.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { headersOf } from "../frame/request.mjs";
import { OpenApiUtil, signature } from "./acs3.mjs";
import { mailOf, sender } from "./mails.mjs";

const { SingleSendMailRequest } = createRequire(import.meta.url)("@alicloud/dm20151123");

export const account = { type: "directmail", ...sender, reply_to: "service@dealer.example", access_key_id: "LTAI-example", access_key_secret: "example-secret", tag: "reach" };
export const formOf = (r) => Object.fromEntries(new URLSearchParams(r.body));

export function signedAsTheirs(r) {
	assert.equal(headersOf(r).authorization, signature(r, account));
	assert.notEqual(headersOf(r).authorization, signature(r, { ...account, access_key_secret: "other" }));
}

// The form is what their SDK makes of the same fields.
export function same(r) {
	const form = formOf(r), names = SingleSendMailRequest.names(), types = SingleSendMailRequest.types();
	const back = Object.fromEntries(Object.entries(names).map(([ours, wire]) => [wire, ours]));
	for (const name of Object.keys(form)) assert.ok(back[name], `${name} is no field of SingleSendMail`);
	const model = new SingleSendMailRequest(Object.fromEntries(Object.entries(form).map(([k, v]) =>
		[back[k], types[back[k]] === "number" ? Number(v) : types[back[k]] === "boolean" ? v === "true" : v])));
	model.validate();
	assert.deepEqual(formOf({ body: OpenApiUtil.toForm(OpenApiUtil.parseToMap(model.toMap())) }), form);
}

export default {
	account: { ...account, hook_secret: "directmailhooksecret00" }, secrets: ["access_key_secret"], channel: "email", to: "directmail@example.com",
	answer: () => ({ body: { EnvId: "600000000000000001", RequestId: "r" } }),
	judge(r, m) {
		const f = formOf(r), p = mailOf(m, { ref: JSON.parse(f.Headers)["X-User-Notify-UID"], text: f.HtmlBody, html: f.HtmlBody });
		signedAsTheirs(r);
		same(r);
		assert.deepEqual([headersOf(r)["x-acs-action"], f.ToAddress, f.Subject, f.AccountName], ["SingleSendMail", m.to, p.subject, sender.from]);
		return p;
	},
	post: (m) => ({ headers: { "content-type": "application/json" }, body: JSON.stringify({ specversion: "1.0", id: "event-1", source: "acs:dm",
		type: "dm:Deliver:Succeed", time: "2026-03-10T10:00:02+08:00", data: { env_id: "600000000000000001", rcpt: m.to, err_code: "250", header: { "X-User-Notify-UID": m.ref } } }) }),
};
