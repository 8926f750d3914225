// Alibaba Cloud SMS. Their SDK signs; its reports are signed by nobody, the address holds a secret.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { headersOf } from "../frame/request.mjs";
import { signature } from "./acs3.mjs";

const { SendSmsRequest } = createRequire(import.meta.url)("@alicloud/dysmsapi20170525");

// Every field we send is one of theirs.
export function known(Model, fields) {
	const names = Object.values(Model.names());
	for (const name of Object.keys(fields)) assert.ok(names.includes(name), `${name} is no field of ${Model.name}`);
}
export const queryOf = (r) => Object.fromEntries(new URL(r.url).searchParams);

export const account = { type: "aliyun", access_key_id: "LTAI-example", access_key_secret: "example-secret" };

export default {
	account: { ...account, hook_secret: "aliyunhooksecret000000" }, secrets: ["access_key_secret"],
	channel: "sms", to: "+8619900000001", registered: { aliyun: { template_code: "SMS_000001", params: { name: "customer.id" } } },
	answer: () => ({ body: { Code: "OK", Message: "OK", BizId: "biz-1", RequestId: "r" } }),
	judge(r, { name }) {
		assert.equal(headersOf(r).authorization, signature(r, account));
		assert.notEqual(headersOf(r).authorization, signature(r, { ...account, access_key_secret: "other" }));
		known(SendSmsRequest, queryOf(r));
		assert.deepEqual([headersOf(r)["x-acs-action"], queryOf(r).PhoneNumbers, queryOf(r).TemplateCode], ["SendSms", "19900000001", "SMS_000001"]);
		assert.deepEqual(JSON.parse(queryOf(r).TemplateParam), { name });
		return { ref: queryOf(r).OutId };
	},
	post: ({ ref }) => ({ body: JSON.stringify([{ phone_number: "19900000001", send_time: "2026-03-10 10:00:01", report_time: "2026-03-10 10:00:02",
		success: true, err_code: "DELIVERED", err_msg: "用户接收成功", sms_size: "1", biz_id: "biz-1", out_id: ref }]) }),
};
