// The mail that goes by each account of the daemon, and what a request's own words must hold.
import assert from "node:assert/strict";

export const subject = "您的车好了";
export const sender = { from: "news@dealer.example", from_name: "示例汽车" };
export const unsubscribes = (p) => (p.unsubscribe ? { "List-Unsubscribe": `<${p.unsubscribe}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" } : {});

// Both parts say what the template says; the mail as the SDK is to make it again.
export function mailOf({ to, words }, { ref, text, html }) {
	assert.ok(text.includes(words) && html.includes(words), `${text}\n${html}`);
	assert.match(ref, /^[0-9a-z]{20,32}$/);
	return { to, ref, subject, text, html };
}
