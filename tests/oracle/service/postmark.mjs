// Postmark. Their SDK makes the same call of the same mails; its webhooks come with a password.
import assert from "node:assert/strict";
import { ServerClient, Models } from "postmark";
import { headersOf } from "../frame/request.mjs";
import { asked } from "../frame/recorder.mjs";
import { until } from "../frame/until.mjs";
import { mailOf, sender, unsubscribes } from "./mails.mjs";

export const account = { type: "postmark", ...sender, server_token: "token-example", inbound: "0123abcd@inbound.postmarkapp.com",
	webhook_user: "reach", webhook_password: "s:cret" };

// A message of their model: only members it has.
export function mail(p) {
	const m = new Models.Message(`"${sender.from_name}" <${sender.from}>`, p.subject, p.html, p.text, p.to, undefined, undefined,
		`0123abcd+${p.ref}@inbound.postmarkapp.com`);
	m.Headers = Object.entries({ "X-Reach-Id": p.ref, ...unsubscribes(p) }).map(([k, v]) => new Models.Header(k, v));
	m.TrackOpens = false;
	m.TrackLinks = Models.LinkTrackingOptions.None;
	m.Metadata = { reach_id: p.ref };
	m.MessageStream = p.unsubscribe ? "broadcast" : "outbound";
	return JSON.parse(JSON.stringify(m));
}

// What their client sends for this call.
export const theirs = (call) => asked(() => ({ body: "[]" }), (url) =>
	call(new ServerClient(account.server_token, { useHttps: false, requestHost: url.replace("http://", "") })).catch(() => 0));

// The same method, place, parameters and key. Names of parameters have no case there: what is fromdate in
// their documentation is fromDate to their client.
const parametersOf = (url) => Object.fromEntries([...url.searchParams].map(([k, v]) => [k.toLowerCase(), v]));
export function sameCall(r, t) {
	const [a, b] = [new URL(r.url), new URL(t.url)];
	assert.deepEqual([r.method, a.pathname, parametersOf(a)], [t.method, b.pathname, parametersOf(b)]);
	for (const name of ["x-postmark-server-token", "accept"]) assert.equal(headersOf(r)[name], headersOf(t)[name], name);
}
export async function sameBatch(r, mails) {
	const t = await theirs((client) => client.sendEmailBatch(mails));
	sameCall(r, t);
	assert.deepEqual(JSON.parse(r.body), JSON.parse(t.body));
}

const basic = (user, password) => ({ authorization: "Basic " + Buffer.from(`${user}:${password}`).toString("base64") });
const record = (to, ref) => JSON.stringify({ RecordType: "Delivery", MessageID: "m1", Recipient: to, DeliveredAt: "2026-03-10T02:00:02Z", Metadata: { reach_id: ref } });
const post = (m, headers = basic("reach", "s:cret")) => ({ headers, body: record(m.to, m.ref) });

export default {
	account, secrets: ["server_token", "webhook_password"], channel: "email", to: "postmark@example.com",
	answer: (r) => ({ body: r.method === "GET" ? { TotalCount: 0, Bounces: [], Messages: [], Suppressions: [] } : [{ ErrorCode: 0, Message: "OK", MessageID: "m1", SubmittedAt: "2026-03-10T02:00:01Z", To: "postmark@example.com" }] }),
	async judge(r, m) {
		const [j] = JSON.parse(r.body), p = mailOf(m, { ref: j.Metadata.reach_id, text: j.TextBody, html: j.HtmlBody });
		await sameBatch(r, [mail(p)]);
		const list = await until("its list is asked for", () => m.calls.find((c) => c.path.startsWith("/bounces"))), day = new URL(list.url).searchParams.get("fromdate");
		const asks = Object.assign(new Models.BounceFilteringParameters(100, 0), { fromDate: day, messageStream: "outbound" });
		sameCall(list, await theirs((client) => client.getBounces(asks)));
		return p;
	},
	post,
	refuses: {
		"another password": (m) => post(m, basic("reach", "secret")),
		"no password": (m) => post(m, {}),
	},
};
