// Tencent Cloud SMS. Their SDK signs; its reports are signed by nobody, the address holds a secret.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { headersOf } from "../frame/request.mjs";

const require = createRequire(import.meta.url);
const common = require.resolve("tencentcloud-sdk-nodejs-common", { paths: [require.resolve("tencentcloud-sdk-nodejs-sms")] });
const Sign = createRequire(common)("./common/sign.js").default;
const { sms } = require("tencentcloud-sdk-nodejs-sms");

export const account = { type: "tencent", secret_id: "AKIDexample", secret_key: "example-secret", sdk_app_id: "1400000001" };

// The authorization their SDK makes of a request.
export const signature = (r, secretKey = account.secret_key) => Sign.sign3({
	method: r.method, url: r.url, payload: Buffer.from(r.body), timestamp: Number(headersOf(r)["x-tc-timestamp"]), service: "sms",
	secretId: account.secret_id, secretKey, headers: { "Content-Type": headersOf(r)["content-type"] },
});

// What their client sends for the same parameters: caught before it leaves.
export async function sent(method, fields) {
	const client = new sms.v20210111.Client({
		credential: { secretId: account.secret_id, secretKey: account.secret_key }, region: "ap-guangzhou",
		profile: { httpProfile: { endpoint: "sms.tencentcloudapi.com" } },
	});
	let seen;
	client.request = async (action, body) => { seen = { action, body }; return {}; };
	await client[method](fields);
	return seen;
}

// Signed by them the same way, and the call of that name with fields they know.
export async function same(r, action) {
	assert.equal(headersOf(r).authorization, signature(r));
	assert.deepEqual(await sent(action, JSON.parse(r.body)), { action: headersOf(r)["x-tc-action"], body: JSON.parse(r.body) });
	assert.equal(headersOf(r)["x-tc-version"], "2021-01-11");
}

export const report = (more) => ({ user_receive_time: "2015-10-17 08:03:04", nationcode: "86", mobile: "13900000000", report_status: "SUCCESS",
	errmsg: "DELIVRD", description: "用户短信送达成功", sid: "2645:1", ...more });

export default {
	account: { ...account, hook_secret: "tencenthooksecret00000" }, secrets: ["secret_key"],
	channel: "sms", to: "+8619900000002", registered: { tencent: { template_id: "100001", params: ["customer.id"] } },
	answer: (r) => ({ body: { Response: { RequestId: "r", SendStatusSet: [{ SerialNo: "2645:2", PhoneNumber: "+8619900000002", Fee: 1,
		SessionContext: JSON.parse(r.body).SessionContext ?? "", Code: "Ok", Message: "send success", IsoCode: "CN" }] } } }),
	async judge(r, { name, to }) {
		await same(r, "SendSms");
		assert.notEqual(headersOf(r).authorization, signature(r, "other"));
		const { PhoneNumberSet, TemplateId, TemplateParamSet } = JSON.parse(r.body);
		assert.deepEqual([PhoneNumberSet, TemplateId, TemplateParamSet], [[to], "100001", [name]]);
	},
	post: () => ({ body: JSON.stringify([report({ mobile: "19900000002", sid: "2645:2", user_receive_time: "2026-03-10 10:00:02" })]) }),
	replied: (r) => assert.deepEqual(JSON.parse(r.body), { result: 0, errmsg: "OK" }),
};
