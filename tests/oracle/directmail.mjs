// Alibaba Cloud DirectMail: their SDK signs the same request as we do, and its model takes our fields.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drive, headersOf } from "./frame/drive.mjs";
import { account as own, formOf, same, signedAsTheirs } from "./service/directmail.mjs";

const account = { name: "main", ...own };
const at = Date.UTC(2026, 10, 22, 3, 50);
const parcel = { to: "c1@example.com", ref: "ref1", channel: "email", category: "marketing", subject: "您的车好了 a*b~c",
	text: "请来取车。", html: "<p class=\"a\">请来 & 取车 (e)'f!g+h/i%</p>", unsubscribe: "https://reach.example.com/u/ref1" };
const request = () => drive("request", { account, at, parcels: [parcel] });

test("SingleSendMail is signed as their SDK signs it", async () => {
	signedAsTheirs(await request());
});

test("its form is what their SDK makes of the same fields", async () => {
	const r = await request();
	same(r);
	assert.deepEqual(JSON.parse(formOf(r).Headers), { "Message-ID": "<ref1@dealer.example>", "X-User-Notify-UID": "ref1",
		"List-Unsubscribe": "<https://reach.example.com/u/ref1>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" });
});

test("another instant has another nonce", async () => {
	const nonce = async (when) => headersOf(await drive("request", { account, at: when, parcels: [parcel] }))["x-acs-signature-nonce"];
	assert.notEqual(await nonce(at), await nonce(at + 1000));
});
