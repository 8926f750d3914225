// Alibaba Cloud DirectMail: their SDK signs the same request as we do, and its model takes our fields.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRequire } from "node:module";
import { drive, headersOf } from "./frame/drive.mjs";

const require = createRequire(import.meta.url);
const { OpenApiUtil } = require("@alicloud/openapi-core");
const { SingleSendMailRequest } = require("@alicloud/dm20151123");

const account = { name: "main", type: "directmail", from: "news@dealer.example", from_name: "示例汽车", reply_to: "service@dealer.example",
	access_key_id: "LTAI-example", access_key_secret: "example-secret", tag: "reach" };
const at = Date.UTC(2026, 10, 22, 3, 50);
const parcel = { to: "c1@example.com", ref: "ref1", channel: "email", category: "marketing", subject: "您的车好了 a*b~c",
	text: "请来取车。", html: "<p class=\"a\">请来 & 取车 (e)'f!g+h/i%</p>", unsubscribe: "https://reach.example.com/u/ref1" };
const request = (p = parcel, acc = account) => drive("request", { account: acc, at, parcels: [p] });

// The authorization their SDK makes of what we are about to send.
function theirs(r) {
	const url = new URL(r.url), headers = { ...headersOf(r), host: url.host };
	delete headers.authorization;
	const hash = OpenApiUtil.hash(Buffer.from(r.body), "ACS3-HMAC-SHA256").toString("hex");
	assert.equal(headers["x-acs-content-sha256"], hash);
	return OpenApiUtil.getAuthorization({ method: r.method, pathname: url.pathname, query: {}, headers },
		"ACS3-HMAC-SHA256", hash, account.access_key_id, account.access_key_secret);
}

const formOf = (r) => Object.fromEntries(new URLSearchParams(r.body));

test("SingleSendMail is signed as their SDK signs it", async () => {
	const r = await request();
	assert.equal(headersOf(r).authorization, theirs(r));
	assert.notEqual(headersOf(await request(parcel, { ...account, access_key_secret: "other" })).authorization, theirs(r));
});

test("its form is what their SDK makes of the same fields", async () => {
	const r = await request(), form = formOf(r), names = SingleSendMailRequest.names();
	const back = Object.fromEntries(Object.entries(names).map(([ours, wire]) => [wire, ours]));
	for (const name of Object.keys(form)) assert.ok(back[name], `${name} is no field of SingleSendMail`);
	const model = new SingleSendMailRequest(Object.fromEntries(Object.entries(form).map(([k, v]) =>
		[back[k], SingleSendMailRequest.types()[back[k]] === "number" ? Number(v) : SingleSendMailRequest.types()[back[k]] === "boolean" ? v === "true" : v])));
	model.validate();
	assert.deepEqual(formOf({ body: OpenApiUtil.toForm(OpenApiUtil.parseToMap(model.toMap())) }), form);
	assert.deepEqual(JSON.parse(form.Headers), { "Message-ID": "<ref1@dealer.example>", "X-User-Notify-UID": "ref1",
		"List-Unsubscribe": "<https://reach.example.com/u/ref1>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" });
});

test("another instant has another nonce", async () => {
	const nonce = async (when) => headersOf(await drive("request", { account, at: when, parcels: [parcel] }))["x-acs-signature-nonce"];
	assert.notEqual(await nonce(at), await nonce(at + 1000));
});
