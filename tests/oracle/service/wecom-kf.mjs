// WeCom's customer service: who has written may be answered. Their callback says that there is
// something, with a ticket; it is asked for with that.
import assert from "node:assert/strict";
import { until } from "../frame/until.mjs";
import { answers, carries, echoes, news, post, refuses, secrets, settings } from "./wecom.mjs";

const kfid = "wkExample1", to = "wmExample2", rows = [];
const wrote = (house, msgid, text) => rows.push({ msgid, open_kfid: kfid, external_userid: to, send_time: Math.floor(house.now() / 1000), origin: 3, msgtype: "text", text: { content: text } });
const heard = (house, name) => house.count(`SELECT count(*) FROM inbox WHERE account = '${name}' AND kind = 5 AND verdict = 'applied'`);

export default {
	account: { type: "wecom-kf", ...settings, open_kfid: kfid }, secrets, channel: "wecom", to,
	answer: answers({
		"kf/sync_msg": ({ cursor, token }) => ({ next_cursor: String(rows.length), has_more: 0, msg_list: token ? rows.slice(Number(cursor ?? 0)) : [] }),
		"kf/send_msg": ({ msgid }) => ({ msgid }),
	}),
	// He writes first.
	async first(house, name) {
		wrote(house, "said-1", "在吗");
		assert.equal((await house.post(name, post(news(kfid, "ticket-1")))).status, 200);
		await until("what he wrote is had", async () => (await heard(house, name)) === 1);
	},
	carries: carries("kf/send_msg"),
	judge(r, { words, calls }) {
		const j = JSON.parse(r.body), sync = calls.filter(carries("kf/sync_msg")).map((c) => JSON.parse(c.body));
		assert.match(j.msgid, /^[0-9a-zA-Z_-]{1,32}$/);
		assert.ok(j.text.content.includes(words), r.body);
		assert.deepEqual([j.touser, j.open_kfid, j.msgtype], [to, kfid, "text"]);
		assert.ok(sync.some((s) => s.token === "ticket-1" && s.open_kfid === kfid));
	},
	happens: (house) => wrote(house, "said-2", "好的"),
	post: () => post(news(kfid, "ticket-2")),
	refuses: refuses(() => news(kfid, "ticket-2")),
	effect: async (house, name) => (await heard(house, name)) === 2,
	also: echoes,
};
