// WeCom: their own library signs and encrypts callbacks; ours must open what is right and refuse the rest alike.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createCipheriv } from "node:crypto";
import { drive, hook } from "./frame/drive.mjs";
import { corp, envelope, flipped, key, left as leftBy, news, nonce, pressed as pressedOn, query, sealed, settings, stamp as at, token } from "./service/wecom.mjs";

const account = { name: "staff", type: "wecom-staff", ...settings, agent_id: "1000002" };
const pressed = pressedOn("reachd-77");
const post = (cipher, q = query(cipher)) => hook(account, { query: q, body: envelope(cipher) });
// Raw bytes under the right key: what their library would never make.
function raw(plain) {
	const k = Buffer.from(key + "=", "base64"), c = createCipheriv("aes-256-cbc", k, k.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([c.update(plain), c.final()]).toString("base64");
}
function frame(message, { length = Buffer.byteLength(message), receiver = corp, pad } = {}) {
	const head = Buffer.alloc(20, "r"), body = Buffer.from(message + receiver);
	head.writeUInt32BE(length, 16);
	const n = 32 - (20 + body.length) % 32;
	return Buffer.concat([head, body, pad ? pad(n) : Buffer.alloc(n, n)]);
}
const refused = async (name, r) => {
	const a = await r;
	assert.deepEqual([a.rc, a.status, a.body, a.receipts.length], [-1, 401, '{"error":"not accepted"}', 0], name);
};

test("a press encrypted and signed by their library is taken, twice with one key", async () => {
	const cipher = sealed(pressed), other = sealed(pressed);
	const a = await post(cipher), again = await post(other);
	assert.deepEqual([a.rc, a.status, a.body], [0, 200, ""]);
	assert.deepEqual([a.receipts[0].ref, a.receipts[0].text, a.receipts[0].from], ["reachd-77", "reached", "lina"]);
	assert.notEqual(cipher, other);
	assert.equal(a.receipts[0].key, again.receipts[0].key);
});

test("the address is checked: the plain echostr and nothing else", async () => {
	for (const plain of ["1616140317555161061", "x", "a".repeat(64)]) {
		const cipher = sealed(plain);
		const r = await hook(account, { method: "GET", query: query(cipher) + "&" + new URLSearchParams({ echostr: cipher }) });
		assert.deepEqual([r.rc, r.status, r.body], [0, 200, plain]);
	}
});

test("messages of every length up to three blocks open", async () => {
	for (let n = 0; n < 100; n++) {
		const a = await post(sealed(pressed.replace("</xml>", `<Pad>${"p".repeat(n)}</Pad></xml>`)));
		assert.equal(a.receipts[0]?.text, "reached", `length +${n}`);
	}
});

test("all that is wrong is refused with one answer", async () => {
	const good = sealed(pressed);
	await refused("tampered", post(flipped(good), query(good)));
	await refused("tampered and signed", post(flipped(good).slice(0, -4) + "AAAA"));
	await refused("another token", post(good, query(good, "other")));
	await refused("another key", post(sealed(pressed, { by: "a" + key.slice(1) })));
	await refused("another company", post(sealed(pressed, { to: "ww0000000000000000" })));
	await refused("no company", post(raw(frame(pressed, { receiver: "" }))));
	await refused("a company that begins alike", post(raw(frame(pressed, { receiver: corp + "x" }))));
	await refused("no signature", post(good, `timestamp=${at}&nonce=${nonce}`));
	await refused("another nonce", post(good, query(good).replace(nonce, "other")));
	await refused("length of 2^31", post(raw(frame(pressed, { length: 2 ** 31 }))));
	await refused("length of 2^32-1", post(raw(frame(pressed, { length: 2 ** 32 - 1 }))));
	await refused("length one too many", post(raw(frame(pressed, { length: Buffer.byteLength(pressed) + 1 }))));
	await refused("padding of nothing", post(raw(frame(pressed, { pad: (n) => Buffer.alloc(n, 0) }))));
	await refused("padding of 33", post(raw(frame(pressed, { pad: (n) => Buffer.alloc(n, 33) }))));
	await refused("padding not alike", post(raw(frame(pressed + "    ", { pad: (n) => Buffer.alloc(n, n).fill(7, 0, 1) }))));
	await refused("half a block", post(Buffer.alloc(24, 1).toString("base64")));
	await refused("no base64", post("!!!"));
	await refused("nothing", post(""));
	await refused("a DTD", post(sealed(`<!DOCTYPE x [<!ENTITY a "b">]>${pressed}`)));
});

const kf = { name: "kf", type: "wecom-kf", ...settings, open_kfid: "wkExample1" };

test("news of customer service encrypted by their library: whose, and the ticket", async () => {
	const at = (cipher, q = query(cipher)) => hook(kf, { query: q, body: envelope(cipher) });
	const a = await at(sealed(news("wkExample1"))), other = await at(sealed(news("wkOther")));
	assert.deepEqual([a.rc, a.status, a.body, a.news, a.ticket, a.receipts.length], [0, 200, "", "kf", "ENCApHxnGDNAVNY4AaSJKj4T", 0]);
	assert.deepEqual([other.rc, other.status, other.news], [0, 200, ""]);
	await refused("kf: another token", at(sealed(news("wkExample1")), query(sealed(news("wkExample1")), "other")));
	await refused("kf: another company", at(sealed(news("wkExample1"), { to: "ww0000000000000000" })));
});

test("an answer to a customer carries our msgid in their alphabet, and the ticket goes with the cursor", async () => {
	const ref = "0123456789abcdefghjkmnpq", text = "您的车好了";
	const r = await drive("request", { account: kf, at: Number(at) * 1000, parcels: [{ to: "wmExample1", channel: "wecom", ref, text }] });
	const j = JSON.parse(r.body);
	assert.equal(r.url, "https://qyapi.weixin.qq.com/cgi-bin/kf/send_msg?access_token={access_token}");
	assert.match(j.msgid, /^[0-9a-zA-Z_-]{1,32}$/);
	assert.deepEqual(j, { touser: "wmExample1", open_kfid: "wkExample1", msgid: ref, msgtype: "text", text: { content: text } });
	const p = JSON.parse((await drive("pull", { account: kf, at: 0, cursor: "c1", ticket: "T" })).body);
	assert.deepEqual(p, { open_kfid: "wkExample1", limit: 1000, cursor: "c1", token: "T" });
});

test("a card asks not to be delivered twice", async () => {
	const parcel = { to: "lina", channel: "phone", ask: { id: "reachd-77", title: "致电：问候", task: "12345", lines: [["客户", "张先生"]], buttons: [["reached", "接通"]] } };
	const r = await drive("request", { account, at: Number(at) * 1000, parcels: [parcel] });
	const j = JSON.parse(r.body), { card_type, task_id, button_list, main_title } = j.template_card;
	assert.equal(r.url, "https://qyapi.weixin.qq.com/cgi-bin/message/send?access_token={access_token}");
	assert.deepEqual([j.touser, j.agentid, j.msgtype, j.enable_duplicate_check, j.duplicate_check_interval], ["lina", 1000002, "template_card", 1, 14400]);
	assert.match(task_id, /^[0-9A-Za-z_@-]{1,128}$/);
	assert.deepEqual([card_type, main_title.title, button_list[0].key], ["button_interaction", "致电：问候", "reached"]);
});

test("comings and goings of contacts are taken, twice with one key", async () => {
	const customers = { name: "main", type: "wecom", ...settings }, left = leftBy("LiNa", "wmA");
	const told = (xml) => {
		const cipher = sealed(xml);
		return hook(customers, { query: query(cipher), body: envelope(cipher) });
	};
	const a = await told(left), again = await told(left);
	assert.deepEqual([a.rc, a.status, a.body], [0, 200, ""]);
	assert.deepEqual([a.receipts[0].ref, a.receipts[0].text, a.receipts[0].from], ["LiNa", "left", "wmA"]);
	assert.equal(a.receipts[0].key, again.receipts[0].key);
	assert.deepEqual((await told(left.replace("del_follow_user", "transfer_fail"))).receipts, []);
	await refused("another token", (async () => {
		const cipher = sealed(left);
		return hook(customers, { query: query(cipher, "other"), body: envelope(cipher) });
	})());
});
