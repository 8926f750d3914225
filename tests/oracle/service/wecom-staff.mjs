// WeCom for staff: a card for a call, and the press that does it.
import assert from "node:assert/strict";
import { answers, carries, echoes, post, pressed, refuses, secrets, settings } from "./wecom.mjs";

const press = ({ card }) => pressed(card, "LiNa");

export default {
	account: { type: "wecom-staff", ...settings, agent_id: "1000002" }, secrets, channel: "phone", to: "+8619900000004", sent: "awaiting",
	answer: answers({ "message/send": () => ({ invaliduser: "", msgid: "m1", response_code: "code-1" }) }),
	carries: (r) => carries("message/send")(r) && r.body.includes('"reached"'), // others are told of, too
	judge(r) {
		const j = JSON.parse(r.body), card = j.template_card;
		assert.deepEqual([j.touser, j.agentid, j.msgtype, j.enable_duplicate_check, j.duplicate_check_interval], ["LiNa", 1000002, "template_card", 1, 14400]);
		assert.match(card.task_id, /^[0-9A-Za-z_@-]{1,128}$/);
		assert.deepEqual([card.card_type, card.button_list.map((b) => b.key)], ["button_interaction", ["reached", "none"]]);
		return { card: card.task_id };
	},
	post: (m) => post(press(m)),
	refuses: refuses(press),
	effect: (house) => house.count("SELECT count(*) FROM task WHERE outcome = 'reached' AND done_by = '王经理'"),
	also: echoes,
};
