// Tencent Cloud SMS: their SDK signs the same request as we do, and its models take our fields.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drive, headersOf, hook } from "./frame/drive.mjs";
import { account as own, report, same, signature } from "./service/tencent.mjs";

const account = { name: "main", ...own };
const at = Date.UTC(2026, 10, 22, 3, 50);
const params = [["", "李女士"], ["", "a*b~c \"d\"\\(e)'f!g&h=i+j/k%"]];
const parcel = (n) => ({
	to: `+861990000000${n}`, ref: `ref${n}`, call: "call0000000000000000aaaa", channel: "sms",
	signature: "示例汽车服务", code: "100001", params,
});

test("SendSms is signed as their SDK signs it", async () => {
	for (const parcels of [[parcel(1)], [parcel(1), parcel(2)]]) {
		const r = await drive("request", { account, at, parcels });
		await same(r, "SendSms");
		assert.deepEqual(JSON.parse(r.body).TemplateParamSet, params.map(([, v]) => v));
		assert.equal(JSON.parse(r.body).PhoneNumberSet.length, parcels.length);
	}
});

test("the date is that of UTC, on both sides of midnight", async () => {
	for (const now of [Date.UTC(2026, 11, 31, 23, 59, 59), Date.UTC(2027, 0, 1)]) {
		const r = await drive("request", { account, at: now, parcels: [parcel(1)] });
		assert.equal(headersOf(r).authorization, signature(r));
	}
});

test("a port in the address is not signed, as theirs", async () => {
	const r = await drive("request", { account: { ...account, url: "https://sms.example.com:8443" }, at, parcels: [parcel(1)] });
	assert.equal(headersOf(r).authorization, signature(r));
});

test("the queues are asked as their SDK asks", async () => {
	for (const [cursor, action] of [["", "PullSmsSendStatus"], ["replies", "PullSmsReplyStatus"]]) {
		const r = await drive("pull", { account, cursor, at });
		await same(r, action);
	}
});

test("another secret, or another body, has another signature", async () => {
	const r = await drive("request", { account, at, parcels: [parcel(1)] });
	assert.notEqual(headersOf(r).authorization, signature(r, "other"));
	assert.notEqual(headersOf(r).authorization, signature({ ...r, body: r.body.replace("100001", "100002") }));
});

test("a report and a reply as their documentation has them", async () => {
	const told = await hook(account, { body: JSON.stringify([report()]) });
	assert.deepEqual([told.status, JSON.parse(told.body)], [200, { result: 0, errmsg: "OK" }]);
	assert.deepEqual([told.receipts[0].kind, told.receipts[0].id, told.receipts[0].from, told.receipts[0].at],
		["delivered", "2645:1", "+8613900000000", Date.UTC(2015, 9, 17, 0, 3, 4)]);
	const reply = { extend: "", mobile: "13900000000", nationcode: "86", sign: "短信签名", text: "T", time: 1457336869 };
	const heard = await hook(account, { body: JSON.stringify(reply) });
	assert.deepEqual([heard.receipts[0].kind, heard.receipts[0].text, heard.receipts[0].at], ["reply", "T", 1457336869000]);
});
