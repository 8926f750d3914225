// Twilio: their client makes the same request as we do, and their validator and ours agree on
// who signed a webhook.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRequire } from "node:module";
import { drive, hook } from "./frame/drive.mjs";
import { account as own, formOf, page, paramsOf, read, same, sameAsked, sid, statusOf, theirs, token } from "./service/twilio.mjs";

const { getExpectedTwilioSignature: sign, getExpectedBodyHash, validateRequest, validateRequestWithBody } =
	createRequire(import.meta.url)("twilio/lib/webhooks/webhooks.js");

const ref = "0abcdefgh0123456789jkmnp";
const account = { name: "main", ...own };
const byService = { name: "main", type: "twilio", account_sid: sid, auth_token: token, api_key: "SK" + "1".repeat(32), api_secret: "key-secret", messaging_service: "MG" + "2".repeat(32) };
const at = Date.UTC(2026, 10, 22, 3, 50);
const parcel = { to: "+8619900000001", ref, channel: "sms", text: "李女士 a*b~c d(e)'f!g&h=i+j/k% 🚗\n\"回 TD 退订\"", expires_at: at + 7200_000 };
const base = "https://reach.example.com/hooks/twilio/main";

const messageOf = (acc) => ({
	to: parcel.to, body: parcel.text, statusCallback: `${base}?ref=${ref}`, validityPeriod: 7200,
	...(acc.messaging_service ? { messagingServiceSid: acc.messaging_service } : { from: acc.from }),
});

for (const [name, acc] of [["a number and the auth token", account], ["a service and an API key", byService]])
	test(`a message by ${name} is their client's`, async () => {
		const ours = await drive("request", { account: acc, at, parcels: [parcel] });
		await same(ours, acc, messageOf(acc));
	});

test("what their client throws at we do not take, and what it takes we take", async () => {
	const error = (code, status) => ({ statusCode: status, body: { code, message: "m", more_info: "u", status } });
	const rows = [
		[{ statusCode: 201, body: { sid: "SM" + "4".repeat(32), status: "queued" } }, "accepted"],
		[{ statusCode: 201, body: { sid: "SM" + "4".repeat(32), status: "accepted" } }, "accepted"],
		[error(21211, 400), "rejected"], [error(21610, 400), "rejected"], [error(20003, 401), "rejected"],
		[error(20429, 429), "refused_retry"], [error(20500, 500), "unknown"], [error(20503, 503), "unknown"],
	];
	for (const [answer, outcome] of rows) {
		const { made, error: thrown } = await theirs(account, messageOf(account), answer);
		const { answers } = await drive("answer", { account, parcels: [parcel], status: answer.statusCode, body: JSON.stringify(answer.body) });
		assert.equal(answers[0].outcome, outcome);
		assert.equal(made !== undefined, outcome === "accepted");
		if (made) assert.equal(answers[0].id, made.sid);
		else assert.equal(answers[0].perr, String(thrown.code));
	}
});

// ---- webhooks ----

const status = statusOf("SM1", "+8619900000001");
const reply = [["MessageSid", "SM2"], ["SmsStatus", "received"], ["From", "+8619900000001"], ["To", "+15005550006"], ["Body", "好的 & 谢谢=🚗+1%\n二"], ["NumMedia", "0"], ["FromCity", ""]];
const post = (pairs, { query = `ref=${ref}`, signature, key = token, url, signed } = {}) => {
	const at = url ?? `${base}${query ? "?" + query : ""}`;
	return hook(account, { query, url: at, body: formOf(pairs), headers: { "x-twilio-signature": signature ?? sign(key, signed ?? at, paramsOf(pairs)) } });
};

test("the example of their documents", async () => {
	const url = "https://example.com/myapp.php?foo=1&bar=2";
	const pairs = [["CallSid", "CA1234567890ABCDE"], ["Caller", "+14158675310"], ["Digits", "1234"], ["From", "+14158675310"], ["To", "+18005551212"]];
	const r = await hook({ ...account, auth_token: "12345" }, { url, query: "foo=1&bar=2", body: formOf(pairs), headers: { "x-twilio-signature": "L/OH5YylLD5NRKLltdqwSvS0BnU=" } });
	assert.equal(r.status, 200);
});

test("a status signed by them is taken", async () => {
	const r = await post(status);
	assert.deepEqual([r.rc, r.status, r.type], [0, 200, "text/xml"]);
	assert.match(r.body, /<Response><\/Response>/);
	const { kind, ref: its, id, broken } = r.receipts[0];
	assert.deepEqual({ kind, its, id, broken }, { kind: "delivered", its: ref, id: "SM1", broken: false });
});

test("a reply is taken letter for letter", async () => {
	const r = await post(reply, { query: "" });
	const { kind, from, text } = r.receipts[0];
	assert.deepEqual({ kind, from, text }, { kind: "reply", from: "+8619900000001", text: "好的 & 谢谢=🚗+1%\n二" });
});

test("tampered, of another key, of another address, none: refused", async () => {
	const good = sign(token, `${base}?ref=${ref}`, paramsOf(status));
	for (const how of [{ signature: "" }, { signature: good.slice(0, -2) + "A=" }, { key: "other-token" }, { signed: base }, { signed: `${base}?ref=other` }, { signed: `http://${base.slice(8)}?ref=${ref}` }]) {
		const r = await post(status, how);
		assert.deepEqual([r.rc, r.status, r.receipts.length], [-1, 401, 0], JSON.stringify(how));
	}
	for (let i = 0; i < status.length; i++) {
		const other = status.map(([k, v], n) => [k, n === i ? v + "x" : v]);
		assert.equal((await post(other, { signature: good })).status, 401, status[i][0]);
		assert.equal((await post(status.filter((_, n) => n !== i), { signature: good })).status, 401, status[i][0]);
	}
	assert.equal((await post([...status, ["New", ""]], { signature: good })).status, 401);
});

// A validly signed call posted again: it passes, and its key says that it is the same.
test("replayed: the same key", async () => {
	const [a, b] = [await post(status), await post(status)];
	assert.equal(a.receipts[0].key, b.receipts[0].key);
	const c = await post(status.map(([k, v]) => [k, k === "MessageStatus" ? "sent" : v]));
	assert.notEqual(a.receipts[0].key, c.receipts[0].key);
});

// Their validator and ours, on the same call, with ports written and left out.
test("with and without a port we agree with their validator", async () => {
	const hosts = ["https://reach.example.com", "https://reach.example.com:443", "https://reach.example.com:8443", "http://reach.example.com", "http://reach.example.com:80", "http://127.0.0.1:8080", "https://[2001:db8::1]", "https://[2001:db8::1]:443"];
	let good = 0;
	for (const configured of hosts)
		for (const signed of hosts) {
			const path = `/hooks/twilio/main?ref=${ref}`, signature = sign(token, signed + path, paramsOf(status));
			const want = validateRequest(token, signature, configured + path, paramsOf(status));
			const r = await post(status, { url: configured + path, signature });
			assert.equal(r.status === 200, want, `${signed} at ${configured}`);
			good += want;
		}
	assert.ok(good > hosts.length && good < hosts.length ** 2);
});

// Generated forms: names that repeat, blanks, empty values, any order.
test("on 500 generated forms we agree with their validator", async () => {
	let seed = 7;
	const dice = (n) => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 8) % n;
	const names = ["MessageSid", "MessageStatus", "Body", "body", "A", "AB", "Z_1", "To"], values = ["", "1", "2", "delivered", "a b", "退订", "+86", "a&b=c", "%41", "🚗"];
	let good = 0;
	for (let i = 0; i < 500; i++) {
		const pairs = Array.from({ length: 1 + dice(8) }, () => [names[dice(names.length)], values[dice(values.length)]]);
		const params = paramsOf(pairs), url = `${base}?ref=${ref}`;
		const signature = sign(dice(4) ? token : "other", url, dice(4) ? params : { ...params, A: "9" });
		const want = validateRequest(token, signature, url, params);
		const r = await post(pairs, { signature });
		assert.equal(r.rc === 0, want, JSON.stringify(pairs));
		good += want;
	}
	assert.ok(good > 200 && good < 450, String(good));
});

test("a JSON body by its hash in the address", async () => {
	const body = JSON.stringify({ MessageSid: "SM3", MessageStatus: "sent", 说明: "好" });
	const query = `ref=${ref}&bodySHA256=${getExpectedBodyHash(body)}`, url = `${base}?${query}`, signature = sign(token, url, {});
	const call = (b, s) => hook(account, { query, url, body: b, headers: { "x-twilio-signature": s, "content-type": "application/json" } });
	assert.ok(validateRequestWithBody(token, signature, url, body));
	assert.equal((await call(body, signature)).receipts[0].kind, "sent");
	for (const [b, s] of [[body + " ", signature], [body, sign("other", url, {})], ["", signature]]) {
		assert.equal(validateRequestWithBody(token, s, url, b), false);
		assert.equal((await call(b, s)).status, 401);
	}
});

// ---- the list ----

const row = (n, fields) => ({
	sid: "SM" + String(n).repeat(32), account_sid: sid, direction: "outbound-api", from: account.from, to: parcel.to, body: parcel.text, status: "delivered",
	error_code: null, error_message: null, num_segments: "1", num_media: "0", messaging_service_sid: null, api_version: "2010-04-01", price: null, price_unit: "USD",
	date_created: "Sun, 22 Nov 2026 03:50:01 +0000", date_updated: "Sun, 22 Nov 2026 03:50:09 +0000", date_sent: "Sun, 22 Nov 2026 03:50:02 +0000", ...fields,
});

test("what went to a number is asked as their client does, and found as it reads it", async () => {
	const ours = await drive("query", { account, at, parcel: parcel });
	const body = page([row(1), row(2, { body: "other" }), row(3, { from: "+15005550007" })]);
	const theirs = await read((c) => c.messages.list({ to: parcel.to, pageSize: 50 }), body);
	sameAsked(ours, theirs);
	const { answers } = await drive("query_answer", { account, at, parcel: parcel, status: 200, body: JSON.stringify(body) });
	const mine = theirs.got.filter((m) => m.body === parcel.text && m.from === account.from);
	assert.deepEqual([answers[0].outcome, answers[0].id, mine.length], ["accepted", mine[0].sid, 1]);
});

test("one message is asked for by its id as their client does", async () => {
	const id = "SM" + "1".repeat(32), asked = { ...parcel, provider_id: id };
	const theirs = await read((c) => c.messages(id).fetch(), row(1, { status: "undelivered", error_code: 30005 }));
	sameAsked(await drive("query", { account, at, parcel: asked }), theirs);
	const { answers } = await drive("query_answer", { account, at, parcel: asked, status: 200, body: JSON.stringify(row(1, { status: "undelivered", error_code: 30005 })) });
	assert.deepEqual([answers[0].outcome, answers[0].bad_address, answers[0].perr], ["accepted", true, String(theirs.got.errorCode)]);
});

test("the last hours are asked for page by page as their client does, under the webhook's keys", async () => {
	const next = `/2010-04-01/Accounts/${sid}/Messages.json?DateSent%3E=2026-11-22T01%3A50%3A00Z&PageSize=200&Page=1&PageToken=PASM1`;
	const first = page([row(1, { sid: "SM1" }), row(2, { sid: "SM2", direction: "inbound", from: parcel.to, to: account.from, status: "received", body: "TD" })], next);
	const theirs = await read((c) => c.messages.page({ dateSentAfter: new Date(at - 2 * 3600_000), pageSize: 200 }), first);
	sameAsked(await drive("pull", { account, cursor: "", at }), theirs);
	const got = await drive("pull_answer", { account, cursor: "", status: 200, body: JSON.stringify(first) });
	assert.deepEqual([got.rc, got.more, got.receipts.length], [0, true, 2]);
	assert.equal(got.receipts[0].key, (await post(status)).receipts[0].key);
	assert.equal(got.receipts[1].key, (await post(reply, { query: "" })).receipts[0].key);
	assert.equal((await drive("pull", { account, cursor: got.cursor, at })).url, theirs.got.nextPageUrl);
	const last = await drive("pull_answer", { account, cursor: got.cursor, status: 200, body: JSON.stringify(page([])) });
	assert.deepEqual([last.rc, last.more, last.cursor], [0, false, String(Date.UTC(2026, 10, 22, 3, 50, 2) / 1000)]);
});
