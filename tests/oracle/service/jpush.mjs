// Aurora's push. Their SDK builds the same payload; callbacks come with the app's key.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { headersOf, sameAddress } from "../frame/request.mjs";

const require = createRequire(import.meta.url);
const { JPush } = require("jpush-async");

export const account = { type: "jpush", app_key: "0123456789abcdef01234567", master_secret: "abcdef012345670123456789", title: "示例汽车", class: "marketing" };
export const basic = (user = account.app_key, password = account.master_secret) => "Basic " + Buffer.from(`${user}:${password}`).toString("base64");

// What their builder makes, its arguments in their order; what they leave undefined is not sent.
export function payload(devices, text, title, life) {
	const p = JSON.parse(JSON.stringify(JPush.buildClient(account.app_key, account.master_secret).push().setPlatform(JPush.ALL)
		.setAudience(JPush.registration_id(devices))
		.setNotification(text, JPush.android(text, title), JPush.ios(title ? { title, body: text } : text))
		.setOptions(null, life, null, true).payload));
	delete p.options.sendno; // theirs is random, and only echoed
	for (const name of Object.keys(p.options)) if (p.options[name] === null) delete p.options[name];
	return p;
}
// The class of a push came after their SDK; it is told apart, the rest is the same.
export function classless(r) {
	const p = JSON.parse(r.body);
	assert.equal(p.options.classification, 0);
	delete p.options.classification;
	return p;
}

// The call their client makes; its own transport drops the query, so that is looked at apart.
async function seen(run) {
	const https = require("https"), real = https.request;
	let call;
	https.request = (o) => ((call = o), { on() {}, write() {}, end() {} });
	try { run(JPush.buildClient(account.app_key, account.master_secret), () => {}); } finally { https.request = real; }
	return call;
}
// Its query, the rest being theirs.
export async function same(ours, run) {
	const url = new URL(ours.url), theirs = await seen(run);
	sameAddress(url, `https://${theirs.host}${theirs.path}`);
	assert.deepEqual([ours.method, headersOf(ours).authorization], [theirs.method, theirs.headers.Authorization]);
	return Object.fromEntries(url.searchParams);
}

const cid = (n) => `${account.app_key}-128eeb45-471c-49f3-b442-${String(n).padStart(12, "0")}`;

const id = "18100287008546151";
const post = (m, authorization = basic()) => ({ headers: { "content-type": "application/json", authorization }, body: JSON.stringify([{ type: 4, channelkey: "k", msgid: id, userid: m.to }]) });

export default {
	account: { ...account, hook_secret: "jpushhooksecret0000000" }, secrets: ["master_secret"], channel: "push", to: "13065ffa4e0000000a1",
	answer: (r) => ({ body: r.path.startsWith("/v3/push/cid") ? { cidlist: Array.from({ length: 500 }, (_, n) => cid(n)) } : { sendno: "0", msg_id: id } }),
	carries: (r) => r.path === "/v3/push",
	async judge(r, { to, words, calls }) {
		const [keys] = calls, p = classless(r);
		assert.deepEqual(await same(keys, (c, done) => c.getCid(500, "push", done)), { count: "500", type: "push" });
		assert.deepEqual(await same(r, (c) => c.sendPush("{}")), {});
		assert.match(p.cid, /^0123456789abcdef01234567-128eeb45-471c-49f3-b442-\d{12}$/);
		assert.ok(p.notification.alert.includes(words), r.body);
		assert.deepEqual(p, { ...payload([to], p.notification.alert, account.title, p.options.time_to_live), cid: p.cid });
	},
	post,
	refuses: { "of another key": (m) => ({ ...post(m, basic(account.app_key, "other")) }) },
};
