// Aurora's push: their SDK builds the same payload as we do, and reads what we take for an answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drive, headersOf } from "./frame/drive.mjs";
import { account as own, basic, classless, payload, same } from "./service/jpush.mjs";

const account = { name: "main", ...own };
const at = Date.UTC(2026, 10, 22, 3, 50);
const ids = ["13065ffa4e0000000a1", "13065ffa4e0000000b2"];
const text = "您的爱车\"已可取\"，请带取车单\n谢谢";
const parcel = { to: ids[0], devices: ids, ref: "ref1", channel: "push", text, expires_at: at + 3 * 3600e3 };
test("the payload is the one their SDK builds", async () => {
	const r = await drive("request", { account, at, parcels: [parcel] });
	assert.equal(r.url, "https://api.jpush.cn/v3/push");
	assert.equal(headersOf(r).authorization, basic());
	assert.deepEqual(classless(r), payload(ids, text, account.title, 10800));
});

test("without a title and with one device, too", async () => {
	const { title, ...bare } = account;
	const r = await drive("request", { account: bare, at, parcels: [{ ...parcel, devices: undefined }] });
	assert.deepEqual(classless(r), payload([ids[0]], text, undefined, 10800));
});

test("cids are asked for where their client asks, and one goes with the push", async () => {
	assert.deepEqual(await same(await drive("keys", { account }), (c, done) => c.getCid(500, "push", done)), { count: "500", type: "push" });
	const key = `${account.app_key}-128eeb45-471c-49f3-b442-a05c20c9ed56`;
	const r = await drive("request", { account, at, parcels: [{ ...parcel, key }] });
	assert.deepEqual(classless(r), { ...payload(ids, text, account.title, 10800), cid: key });
});

test("whether it has arrived is asked for where their client asks", async () => {
	const id = "18100287008546151";
	const ours = await drive("query", { account, at, parcel: { ...parcel, provider_id: id } });
	assert.deepEqual(await same(ours, (c, done) => c.getReportReceivedDetail(id, done)), { msg_ids: id });
});
