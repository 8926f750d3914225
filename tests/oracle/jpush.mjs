// Aurora's push: their SDK builds the same payload as we do, and reads what we take for an answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRequire } from "node:module";
import { drive, headersOf, hook } from "./frame/drive.mjs";

const { JPush } = createRequire(import.meta.url)("jpush-async");
const account = {
	name: "main", type: "jpush", app_key: "0123456789abcdef01234567", master_secret: "abcdef012345670123456789", title: "示例汽车", class: "marketing",
};
const at = Date.UTC(2026, 10, 22, 3, 50);
const ids = ["13065ffa4e0000000a1", "13065ffa4e0000000b2"];
const text = "您的爱车\"已可取\"，请带取车单\n谢谢";
const parcel = { to: ids[0], devices: ids, ref: "ref1", channel: "push", text, expires_at: at + 3 * 3600e3 };
const basic = "Basic " + Buffer.from(`${account.app_key}:${account.master_secret}`).toString("base64");

// Theirs, with arguments in their order; what they leave undefined is not sent.
function theirs(audience, title) {
	return JPush.buildClient(account.app_key, account.master_secret).push().setPlatform(JPush.ALL)
		.setAudience(JPush.registration_id(audience))
		.setNotification(text, JPush.android(text, title), JPush.ios(title ? { title, body: text } : text))
		.setOptions(null, 10800, null, true).payload;
}
// The class of a push came after their SDK; it is told apart, the rest is the same.
const classless = (r) => {
	const p = JSON.parse(r.body);
	assert.equal(p.options.classification, 0);
	delete p.options.classification;
	return p;
};
const plain = (payload) => {
	const p = JSON.parse(JSON.stringify(payload));
	delete p.options.sendno; // theirs is random, and only echoed
	for (const name of Object.keys(p.options)) if (p.options[name] === null) delete p.options[name];
	return p;
};

test("the payload is the one their SDK builds", async () => {
	const r = await drive("request", { account, at, parcels: [parcel] });
	assert.equal(r.url, "https://api.jpush.cn/v3/push");
	assert.equal(headersOf(r).authorization, basic);
	assert.deepEqual(classless(r), plain(theirs(ids, account.title)));
});

test("without a title and with one device, too", async () => {
	const { title, ...bare } = account;
	const r = await drive("request", { account: bare, at, parcels: [{ ...parcel, devices: undefined }] });
	assert.deepEqual(classless(r), plain(theirs([ids[0]])));
});

test("callbacks: theirs is taken, with another authorization refused, replayed under the same key", async () => {
	const body = JSON.stringify([{ type: 4, channelkey: "k", msgid: "18100287008546151", userid: ids[0] }]);
	const good = await hook(account, { body, headers: { authorization: basic } });
	assert.equal(good.status, 200);
	assert.equal(good.receipts.length, 1);
	const again = await hook(account, { body, headers: { authorization: basic } });
	assert.equal(again.receipts[0].key, good.receipts[0].key);
	const bad = await hook(account, { body, headers: { authorization: "Basic eDp5" } });
	assert.equal(bad.status, 401);
});

// The call their client makes; its own transport drops the query, so that is looked at apart.
async function seen(run) {
	const https = createRequire(import.meta.url)("https"), real = https.request;
	let call;
	https.request = (o) => ((call = o), { on() {}, write() {}, end() {} });
	try { run(JPush.buildClient(account.app_key, account.master_secret), () => {}); } finally { https.request = real; }
	return call;
}
const same = (ours, theirs) => {
	const url = new URL(ours.url);
	assert.deepEqual([ours.method, url.hostname, url.pathname, headersOf(ours).authorization], [theirs.method, theirs.host, theirs.path, theirs.headers.Authorization]);
	return Object.fromEntries(url.searchParams);
};

test("cids are asked for where their client asks, and one goes with the push", async () => {
	assert.deepEqual(same(await drive("keys", { account }), await seen((c, done) => c.getCid(500, "push", done))), { count: "500", type: "push" });
	const key = `${account.app_key}-128eeb45-471c-49f3-b442-a05c20c9ed56`;
	const r = await drive("request", { account, at, parcels: [{ ...parcel, key }] });
	assert.deepEqual(classless(r), { ...plain(theirs(ids, account.title)), cid: key });
});

test("whether it has arrived is asked for where their client asks", async () => {
	const id = "18100287008546151";
	const ours = await drive("query", { account, at, parcel: { ...parcel, provider_id: id } });
	assert.deepEqual(same(ours, await seen((c, done) => c.getReportReceivedDetail(id, done))), { msg_ids: id });
});
