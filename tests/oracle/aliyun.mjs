// Alibaba Cloud SMS: their SDK signs the same request as we do, and its model takes our fields.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRequire } from "node:module";
import { drive, headersOf } from "./frame/drive.mjs";
import { signature } from "./service/acs3.mjs";
import { account as own, known, queryOf } from "./service/aliyun.mjs";

const { SendSmsRequest, SendBatchSmsRequest, QuerySendDetailsRequest } = createRequire(import.meta.url)("@alicloud/dysmsapi20170525");

const account = { name: "main", ...own };
const at = Date.UTC(2026, 10, 22, 3, 50);
const parcel = (n, name) => ({
	to: `+861990000000${n}`, ref: `ref${n}`, call: "call0000000000000000aaaa", channel: "sms",
	signature: "示例汽车服务", code: "SMS_000001", params: [["name", name], ["note", "a*b~c d(e)'f!g&h=i+j/k%"]],
});
const theirs = (r) => signature(r, account);
const formOf = (r) => Object.fromEntries(new URLSearchParams(r.body));

test("SendSms is signed as their SDK signs it", async () => {
	const r = await drive("request", { account, at, parcels: [parcel(1, "李女士")] });
	assert.equal(headersOf(r).authorization, theirs(r));
	known(SendSmsRequest, queryOf(r));
	assert.deepEqual(JSON.parse(queryOf(r).TemplateParam), { name: "李女士", note: "a*b~c d(e)'f!g&h=i+j/k%" });
});

test("SendBatchSms is signed as their SDK signs it, its lists of one length", async () => {
	const r = await drive("request", { account, at, parcels: [parcel(1, "李女士"), parcel(2, "王先生")] });
	assert.equal(headersOf(r).authorization, theirs(r));
	known(SendBatchSmsRequest, { ...queryOf(r), ...formOf(r) });
	for (const list of ["PhoneNumberJson", "SignNameJson", "TemplateParamJson"]) assert.equal(JSON.parse(formOf(r)[list]).length, 2);
});

test("QuerySendDetails is signed as their SDK signs it", async () => {
	const r = await drive("query", { account, at, parcel: parcel(1, "李女士") });
	assert.equal(headersOf(r).authorization, theirs(r));
	known(QuerySendDetailsRequest, queryOf(r));
	assert.equal(queryOf(r).SendDate, "20261122");
});

test("another secret gives another signature", async () => {
	const r = await drive("request", { account: { ...account, access_key_secret: "other" }, at, parcels: [parcel(1, "x")] });
	assert.notEqual(headersOf(r).authorization, theirs(r));
});
