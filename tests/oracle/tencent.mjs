// Tencent Cloud SMS: their SDK signs the same request as we do, and its models take our fields.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRequire } from "node:module";
import { drive, headersOf, hook } from "./frame/drive.mjs";

const require = createRequire(import.meta.url);
const common = require.resolve("tencentcloud-sdk-nodejs-common", { paths: [require.resolve("tencentcloud-sdk-nodejs-sms")] });
const Sign = createRequire(common)("./common/sign.js").default;
const { sms } = require("tencentcloud-sdk-nodejs-sms");

const account = { name: "main", type: "tencent", secret_id: "AKIDexample", secret_key: "example-secret", sdk_app_id: "1400000001" };
const at = Date.UTC(2026, 10, 22, 3, 50);
const params = [["", "李女士"], ["", "a*b~c \"d\"\\(e)'f!g&h=i+j/k%"]];
const parcel = (n) => ({
	to: `+861990000000${n}`, ref: `ref${n}`, call: "call0000000000000000aaaa", channel: "sms",
	signature: "示例汽车服务", code: "100001", params,
});

// The authorization their SDK makes of what we are about to send.
const theirs = (r, secretKey = account.secret_key) => Sign.sign3({
	method: r.method, url: r.url, payload: Buffer.from(r.body), timestamp: Number(headersOf(r)["x-tc-timestamp"]), service: "sms",
	secretId: account.secret_id, secretKey, headers: { "Content-Type": headersOf(r)["content-type"] },
});

// What their client sends for the same parameters: caught before it leaves.
async function sent(method, fields) {
	const client = new sms.v20210111.Client({
		credential: { secretId: account.secret_id, secretKey: account.secret_key }, region: "ap-guangzhou",
		profile: { httpProfile: { endpoint: "sms.tencentcloudapi.com" } },
	});
	let seen;
	client.request = async (action, body) => { seen = { action, body }; return {}; };
	await client[method](fields);
	return seen;
}

test("SendSms is signed as their SDK signs it", async () => {
	for (const parcels of [[parcel(1)], [parcel(1), parcel(2)]]) {
		const r = await drive("request", { account, at, parcels });
		assert.equal(headersOf(r).authorization, theirs(r));
		assert.deepEqual(await sent("SendSms", JSON.parse(r.body)), { action: headersOf(r)["x-tc-action"], body: JSON.parse(r.body) });
		assert.equal(headersOf(r)["x-tc-version"], "2021-01-11");
		assert.deepEqual(JSON.parse(r.body).TemplateParamSet, params.map(([, v]) => v));
		assert.equal(JSON.parse(r.body).PhoneNumberSet.length, parcels.length);
	}
});

test("the date is that of UTC, on both sides of midnight", async () => {
	for (const now of [Date.UTC(2026, 11, 31, 23, 59, 59), Date.UTC(2027, 0, 1)]) {
		const r = await drive("request", { account, at: now, parcels: [parcel(1)] });
		assert.equal(headersOf(r).authorization, theirs(r));
	}
});

test("a port in the address is not signed, as theirs", async () => {
	const r = await drive("request", { account: { ...account, url: "https://sms.example.com:8443" }, at, parcels: [parcel(1)] });
	assert.equal(headersOf(r).authorization, theirs(r));
});

test("the queues are asked as their SDK asks", async () => {
	for (const [cursor, action] of [["", "PullSmsSendStatus"], ["replies", "PullSmsReplyStatus"]]) {
		const r = await drive("pull", { account, cursor, at });
		assert.equal(headersOf(r).authorization, theirs(r));
		assert.deepEqual(await sent(action, JSON.parse(r.body)), { action: headersOf(r)["x-tc-action"], body: JSON.parse(r.body) });
	}
});

test("another secret, or another body, has another signature", async () => {
	const r = await drive("request", { account, at, parcels: [parcel(1)] });
	assert.notEqual(headersOf(r).authorization, theirs(r, "other"));
	assert.notEqual(headersOf(r).authorization, theirs({ ...r, body: r.body.replace("100001", "100002") }));
});

test("a report and a reply as their documentation has them", async () => {
	const report = [{ user_receive_time: "2015-10-17 08:03:04", nationcode: "86", mobile: "13900000000", report_status: "SUCCESS",
		errmsg: "DELIVRD", description: "用户短信送达成功", sid: "2645:1" }];
	const told = await hook(account, { body: JSON.stringify(report) });
	assert.deepEqual([told.status, JSON.parse(told.body)], [200, { result: 0, errmsg: "OK" }]);
	assert.deepEqual([told.receipts[0].kind, told.receipts[0].id, told.receipts[0].from, told.receipts[0].at],
		["delivered", "2645:1", "+8613900000000", Date.UTC(2015, 9, 17, 0, 3, 4)]);
	const reply = { extend: "", mobile: "13900000000", nationcode: "86", sign: "短信签名", text: "T", time: 1457336869 };
	const heard = await hook(account, { body: JSON.stringify(reply) });
	assert.deepEqual([heard.receipts[0].kind, heard.receipts[0].text, heard.receipts[0].at], ["reply", "T", 1457336869000]);
});
