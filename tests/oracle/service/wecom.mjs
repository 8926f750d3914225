// WeCom. Their own library signs and encrypts callbacks; of its calls they have no SDK.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const { encrypt, getSignature } = createRequire(import.meta.url)("@wecom/crypto");

export const key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", token = "QDG6eK", corp = "ww1436e0e65a779aee";
export const stamp = "1795319400", nonce = "n0nce";
export const settings = { corp_id: corp, secret: "example-secret", callback_token: token, callback_key: key };
export const secrets = ["secret", "callback_token", "callback_key"];

export const sealed = (xml, { by = key, to = corp } = {}) => encrypt(by, xml, to);
export const envelope = (cipher) => `<xml><ToUserName><![CDATA[${corp}]]></ToUserName><Encrypt><![CDATA[${cipher}]]></Encrypt><AgentID>1000002</AgentID></xml>`;
export const query = (cipher, t = token) => new URLSearchParams({ msg_signature: getSignature(t, stamp, nonce, cipher), timestamp: stamp, nonce }).toString();
export const flipped = (cipher) => cipher.slice(0, 50) + (cipher[50] === "A" ? "B" : "A") + cipher.slice(51);
const cdata = (fields) => Object.entries(fields).map(([k, v]) => `<${k}><![CDATA[${v}]]></${k}>`).join("");
const event = (name, fields) => `<xml>${cdata({ ToUserName: corp })}<CreateTime>${stamp}</CreateTime><MsgType>event</MsgType><Event>${name}</Event>${cdata(fields)}</xml>`;

export const pressed = (card, by = "lina") => event("template_card_event", { FromUserName: by, EventKey: "reached", TaskId: card, ResponseCode: "r1" });
export const news = (open_kfid, ticket = "ENCApHxnGDNAVNY4AaSJKj4T") => event("kf_msg_or_event", { Token: ticket, OpenKfId: open_kfid });
export const left = (member = "LiNa", external = "wmA") => event("change_external_contact", { FromUserName: "sys", ChangeType: "del_follow_user", UserID: member, ExternalUserID: external });

// A callback with this message, and everything that makes it another's.
export const post = (xml, { cipher = sealed(xml), signedAs = cipher, t } = {}) =>
	({ headers: { "content-type": "text/xml" }, query: query(signedAs, t), body: envelope(cipher) });
export function refuses(xml) {
	const good = (m) => sealed(xml(m));
	return {
		"tampered": (m) => { const c = good(m); return post("", { cipher: flipped(c), signedAs: c }); },
		"of another token": (m) => post(xml(m), { t: "other" }),
		"of another key": (m) => post(xml(m), { cipher: sealed(xml(m), { by: "a" + key.slice(1) }) }),
		"of another company": (m) => post(xml(m), { cipher: sealed(xml(m), { to: "ww0000000000000000" }) }),
		"not signed": (m) => ({ ...post(xml(m)), query: `timestamp=${stamp}&nonce=${nonce}` }),
	};
}

// Their console asks the address for what is sealed in the question.
export async function echoes(house, { name }) {
	const cipher = sealed("1616140317555161061"), ask = (q) => house.post(name, { method: "GET", query: `${q}&${new URLSearchParams({ echostr: cipher })}` });
	const r = await ask(query(cipher)), other = await ask(query(cipher, "other"));
	assert.deepEqual([r.status, r.body, other.status], [200, "1616140317555161061", 401]);
}

const ok = { errcode: 0, errmsg: "ok" };
// Tokens as WeCom gives them, and `calls` by the end of their path; a token that is not one is refused.
export const answers = (calls) => (r) => {
	const url = new URL(r.url), name = url.pathname.replace("/cgi-bin/", ""), q = Object.fromEntries(url.searchParams);
	if (name === "gettoken") return { body: q.corpid === corp && q.corpsecret === settings.secret ? { ...ok, access_token: "token-1", expires_in: 7200 } : { errcode: 40001, errmsg: "invalid credential" } };
	if (q.access_token !== "token-1") return { body: { errcode: 40014, errmsg: "invalid access_token" } };
	return { body: { ...ok, ...calls[name]?.(r.body && JSON.parse(r.body)) } };
};
export const carries = (name) => (r) => r.method === "POST" && new URL(r.url).pathname === `/cgi-bin/${name}` && new URL(r.url).searchParams.get("access_token") === "token-1";

export default {
	account: { type: "wecom", ...settings, sender: "LiNa" }, secrets, channel: "wecom", to: "wmExample1", sent: "awaiting",
	answer: answers({
		"externalcontact/add_msg_template": () => ({ fail_list: [], msgid: "msgGCAAAXtWyujaWJHDDGi0mAAAA" }),
		"externalcontact/batch/get_by_user": () => ({ external_contact_list: [], next_cursor: "" }),
		"externalcontact/get_follow_user_list": () => ({ follow_user: ["LiNa"] }),
	}),
	carries: carries("externalcontact/add_msg_template"),
	judge(r, { to, words }) {
		const j = JSON.parse(r.body);
		assert.deepEqual([j.chat_type, j.external_userid, j.sender], ["single", [to], "LiNa"]);
		assert.ok(j.text.content.includes(words), r.body);
	},
	post: ({ to }) => post(left("LiNa", to)),
	refuses: refuses(({ to }) => left("LiNa", to)),
	effect: async (house, name) => (await house.count(`SELECT count(*) FROM inbox WHERE account = '${name}' AND done_at IS NOT NULL`)) === 1,
	also: echoes,
};
