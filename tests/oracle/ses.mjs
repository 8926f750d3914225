// Amazon SES: their SDK makes and signs the same call; their SNS validator believes what we believe.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drive, headersOf, hook } from "./frame/drive.mjs";
import { account as ownAccount, believed, certUrl as url, credentials, note, own, same, signature, strange, topic } from "./service/ses.mjs";

const account = { name: "main", ...ownAccount };
const at = Date.UTC(2026, 10, 22, 3, 50);
const parcel = {
	to: "c1@customer.example", ref: "ref1", channel: "email", category: "marketing", subject: "保养提醒", text: "您好\n", html: "<p>您好</p>",
	unsubscribe: "https://reach.example.com/u/abc",
};

test("SendEmail is signed as their signer signs it", async () => {
	const r = await drive("request", { account, at, parcels: [parcel] });
	assert.equal(headersOf(r).authorization, await signature(r));
	assert.notEqual(headersOf(r).authorization, await signature(r, { ...credentials, secretAccessKey: "other" }));
});

test("with temporary credentials, too", async () => {
	const r = await drive("request", { account: { ...account, session_token: "temporary/+=" }, at, parcels: [parcel] });
	assert.equal(headersOf(r).authorization, await signature(r, { ...credentials, sessionToken: "temporary/+=" }));
});

test("it is the call their SDK makes", async () => {
	await same(await drive("request", { account, at, parcels: [parcel] }), parcel);
});

// ---- SNS ----

const confirmUrl = "https://sns.ap-southeast-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=t";
const post = (m, fetched = { [url]: own.cert }) => hook(account, { headers: { "content-type": "text/plain; charset=UTF-8" }, body: JSON.stringify(m), now: at, fetched });

test("what their validator believes we believe, and nothing else", async () => {
	const tampered = note();
	tampered.Message = tampered.Message.replace("ref1", "ref2");
	const rows = [
		["version 2", note()], ["version 1", note({ SignatureVersion: "1" })], ["with a subject", note({ Subject: "Amazon SES" })],
		["tampered", tampered], ["another key", note({}, strange.key)], ["another version", { ...note(), SignatureVersion: "3" }],
		["another host", note({ SigningCertURL: "https://evil.example/a.pem" })],
		["a host that begins like theirs", note({ SigningCertURL: "https://sns.ap-southeast-1.amazonaws.com.evil.example/a.pem" })],
		["by http", note({ SigningCertURL: url.replace("https", "http") })], ["no certificate", note({ SigningCertURL: url.replace(".pem", ".txt") })],
	];
	for (const [name, m] of rows) {
		const r = await post(m), theirsToo = await believed(m);
		assert.equal(r.status === 200, theirsToo, name);
		assert.equal(r.status, theirsToo ? 200 : 401, name);
	}
});

test("the certificate is fetched first, and only for our topic", async () => {
	const r = await post(note(), {});
	assert.deepEqual([r.rc, r.fetch], [1, url]);
	assert.equal((await post(note({ TopicArn: topic + "2" }), {})).status, 401);
});

test("a subscription is confirmed at Amazon's own address", async () => {
	const m = note({ Type: "SubscriptionConfirmation", Token: "t", SubscribeURL: confirmUrl, Message: "You have chosen to subscribe" });
	assert.ok(await believed(m));
	assert.deepEqual([(await post(m)).rc, (await post(m)).fetch], [1, confirmUrl]);
	assert.equal((await post(m, { [url]: own.cert, [confirmUrl]: "<xml/>" })).status, 200);
	const evil = note({ Type: "SubscriptionConfirmation", Token: "t", SubscribeURL: "https://evil.example/", Message: "x" });
	assert.ok(await believed(evil));
	assert.equal((await post(evil)).status, 401);
});
