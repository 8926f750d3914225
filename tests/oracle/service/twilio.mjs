// Twilio. Their client makes the same call; their validator signs webhooks.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { headersOf, sameAddress } from "../frame/request.mjs";
import { until } from "../frame/until.mjs";

const require = createRequire(import.meta.url);
const twilio = require("twilio");
const { getExpectedTwilioSignature: sign, validateRequest } = require("twilio/lib/webhooks/webhooks.js");

export const sid = "AC" + "0".repeat(32), token = "example-token";
export const account = { type: "twilio", account_sid: sid, auth_token: token, from: "+15005550006" };
const basic = (user, password) => "Basic " + Buffer.from(`${user}:${password}`).toString("base64");

// What their client would put on the wire, and what it makes of an answer.
export async function theirs(acc, message, answer) {
	let seen;
	const client = twilio(acc.api_key ?? sid, acc.api_secret ?? token, {
		accountSid: sid,
		httpClient: { request: async (o) => ((seen = o), answer ?? { statusCode: 201, body: { sid: "SM" + "3".repeat(32), status: "queued" } }) },
	});
	let made, error;
	try { made = await client.messages.create(message); } catch (e) { error = e; }
	return { seen, made, error };
}

// The call is the one their client makes for this message.
export async function same(r, acc, message) {
	const { seen } = await theirs(acc, message), headers = headersOf(r);
	assert.equal(r.method, seen.method.toUpperCase());
	sameAddress(r.url, seen.uri);
	assert.equal(headers["content-type"], seen.headers["Content-Type"]);
	assert.equal(headers.authorization, basic(acc.api_key ?? sid, acc.api_secret ?? token));
	const fields = Object.entries(seen.data).filter(([, v]) => v !== undefined).map(([k, v]) => [k, String(v)]);
	assert.deepEqual(Object.fromEntries(new URLSearchParams(r.body)), Object.fromEntries(fields));
}

// The request their client makes for a list or one message, and what it reads in the answer.
export async function read(run, body) {
	let seen;
	const client = twilio(sid, token, { httpClient: { request: async (o) => ((seen = o), { statusCode: 200, body }) } });
	const got = await run(client);
	const url = new URL(seen.uri);
	for (const [k, v] of Object.entries(seen.params ?? {})) if (v !== undefined) url.searchParams.set(k, v);
	return { method: seen.method.toUpperCase(), url, got };
}
export function sameAsked(ours, theirs) {
	const url = new URL(ours.url);
	assert.equal(ours.method, theirs.method);
	sameAddress(url, theirs.url);
	assert.deepEqual(Object.fromEntries(url.searchParams), Object.fromEntries(theirs.url.searchParams));
	assert.equal(headersOf(ours).authorization, basic(sid, token));
}
export const page = (messages, next = null) => ({ messages, next_page_uri: next, page: 0, page_size: 200, uri: "", first_page_uri: "", previous_page_uri: null, start: 0, end: 0 });

// [name, value]s as a body, and as their validator has them: several values are a list.
export const formOf = (pairs) => pairs.map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(v).replace(/%20/g, "+")}`).join("&");
export function paramsOf(pairs) {
	const params = {};
	for (const [k, v] of pairs) params[k] = k in params ? [].concat(params[k], v) : v;
	return params;
}
export const statusOf = (id, to) => [["MessageSid", id], ["SmsSid", id], ["AccountSid", sid], ["To", to], ["From", account.from],
	["MessageStatus", "delivered"], ["SmsStatus", "delivered"], ["ApiVersion", "2010-04-01"], ["RawDlrDoneDate", "2611221150"]];

const id = "SM" + "5".repeat(32);
// A status of the message, signed by them for this address.
function post({ ref, to, hooks }, { key = token, pairs = statusOf(id, to), signed = pairs, query = `ref=${ref}`, url = `${hooks}?${query}` } = {}) {
	const signature = sign(key, url, paramsOf(signed));
	assert.equal(validateRequest(token, signature, `${hooks}?${query}`, paramsOf(pairs)), key === token && signed === pairs && url === `${hooks}?${query}`);
	return { query, body: formOf(pairs), headers: { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature } };
}

export default {
	account, secrets: ["auth_token"], channel: "sms", to: "+8619900000003",
	answer: (r) => (r.method === "GET" ? { body: page([]) } : { status: 201, body: { sid: id, account_sid: sid, status: "queued", error_code: null, error_message: null } }),
	async judge(r, { to, words, hooks, calls }) {
		const list = await until("its list is asked for", () => calls.find((c) => c.method === "GET"));
		const form = Object.fromEntries(new URLSearchParams(r.body)), back = new URL(form.StatusCallback);
		assert.ok(form.Body.includes(words) && Number(form.ValidityPeriod) > 0, r.body);
		assert.equal(back.origin + back.pathname, hooks);
		await same(r, account, { to, body: form.Body, from: account.from, statusCallback: form.StatusCallback, validityPeriod: Number(form.ValidityPeriod) });
		const since = new Date(new URL(list.url).searchParams.get("DateSent>"));
		sameAsked(list, await read((c) => c.messages.page({ dateSentAfter: since, pageSize: 200 }), page([])));
		return { ref: back.searchParams.get("ref") };
	},
	post,
	refuses: {
		"tampered": (m) => post(m, { pairs: statusOf(id, m.to).map(([k, v]) => [k, v === "delivered" ? "failed" : v]), signed: statusOf(id, m.to) }),
		"of another key": (m) => post(m, { key: "other-token" }),
		"of another message's address": (m) => post(m, { url: `${m.hooks}?ref=another` }),
		"not signed": (m) => ({ ...post(m), headers: { "content-type": "application/x-www-form-urlencoded" } }),
	},
	replied: (r) => assert.match(r.body, /<Response><\/Response>/),
};
