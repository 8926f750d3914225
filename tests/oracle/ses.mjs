// Amazon SES: their SDK makes and signs the same call; their SNS validator believes what we believe.
import assert from "node:assert/strict";
import { createHash, createHmac, createSign } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import https from "node:https";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { drive, hook, headersOf } from "./frame/drive.mjs";

const require = createRequire(import.meta.url);
const { SignatureV4 } = require("@smithy/signature-v4");
const MessageValidator = require("sns-validator");

const topic = "arn:aws:sns:ap-southeast-1:123456789012:reach";
const account = {
	name: "main", type: "ses", from: "news@dealer.example", from_name: "Dealer", region: "ap-southeast-1", access_key_id: "AKIAEXAMPLE",
	secret_access_key: "example-secret", configuration_set: "reach", topic_arn: topic,
};
const at = Date.UTC(2026, 10, 22, 3, 50);
const parcel = {
	to: "c1@customer.example", ref: "ref1", channel: "email", category: "marketing", subject: "保养提醒", text: "您好\n", html: "<p>您好</p>",
	unsubscribe: "https://reach.example.com/u/abc",
};

class Sha256 {
	constructor(secret) { this.h = secret ? createHmac("sha256", Buffer.from(secret)) : createHash("sha256"); }
	update(data) { this.h.update(typeof data === "string" ? data : Buffer.from(data)); }
	async digest() { return new Uint8Array(this.h.digest()); }
}

// The authorization their signer makes of what we are about to send.
async function theirs(r, credentials) {
	const url = new URL(r.url), headers = { ...headersOf(r), host: url.host };
	delete headers.authorization;
	delete headers["x-amz-date"];
	delete headers["x-amz-security-token"];
	const signer = new SignatureV4({ service: "ses", region: "ap-southeast-1", credentials, sha256: Sha256, applyChecksum: false });
	const signed = await signer.sign({ method: r.method, protocol: "https:", hostname: url.hostname, path: url.pathname, query: {}, headers, body: r.body },
		{ signingDate: new Date(at) });
	return signed.headers.authorization;
}

test("SendEmail is signed as their signer signs it", async () => {
	const r = await drive("request", { account, at, parcels: [parcel] });
	assert.equal(headersOf(r).authorization, await theirs(r, { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "example-secret" }));
	assert.notEqual(headersOf(r).authorization, await theirs(r, { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "other" }));
});

test("with temporary credentials, too", async () => {
	const r = await drive("request", { account: { ...account, session_token: "temporary/+=" }, at, parcels: [parcel] });
	assert.equal(headersOf(r).authorization,
		await theirs(r, { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "example-secret", sessionToken: "temporary/+=" }));
});

test("it is the call their SDK makes", async () => {
	let seen;
	const client = new SESv2Client({
		region: "ap-southeast-1", credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "example-secret" },
		requestHandler: { handle: async (request) => { seen = request; throw new Error("enough"); } }, maxAttempts: 1,
	});
	const content = (Data) => ({ Data, Charset: "UTF-8" });
	await client.send(new SendEmailCommand({
		FromEmailAddress: "\"Dealer\" <news@dealer.example>", Destination: { ToAddresses: ["c1@customer.example"] },
		Content: { Simple: { Subject: content("保养提醒"), Body: { Text: content("您好\n"), Html: content("<p>您好</p>") }, Headers: [
			{ Name: "X-Reach-Id", Value: "ref1" }, { Name: "List-Unsubscribe", Value: "<https://reach.example.com/u/abc>" },
			{ Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click" }] } },
		EmailTags: [{ Name: "reach_id", Value: "ref1" }], ConfigurationSetName: "reach",
	})).catch((e) => assert.equal(e.message, "enough"));
	const r = await drive("request", { account, at, parcels: [parcel] });
	assert.equal(r.method, seen.method);
	assert.equal(r.url, `https://${seen.hostname}${seen.path}`);
	assert.equal(headersOf(r)["content-type"], seen.headers["content-type"]);
	assert.deepEqual(JSON.parse(r.body), JSON.parse(Buffer.from(seen.body).toString()));
});

// ---- SNS ----

const dir = mkdtempSync(join(tmpdir(), "reachd-sns-"));
function certified(name) {
	const key = join(dir, `${name}.key`), cert = join(dir, `${name}.pem`);
	execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "1", "-subj", "/CN=sns.amazonaws.com"],
		{ stdio: "ignore" });
	return { key: execFileSync("cat", [key]).toString(), cert: execFileSync("cat", [cert]).toString() };
}
const own = certified("own"), strange = certified("strange");
rmSync(dir, { recursive: true });

const url = "https://sns.ap-southeast-1.amazonaws.com/SimpleNotificationService-0123.pem";
const confirmUrl = "https://sns.ap-southeast-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=t";
const event = JSON.stringify({ eventType: "Delivery", mail: { messageId: "m1", destination: ["c1@customer.example"], tags: { reach_id: ["ref1"] } }, delivery: {} });

// As Amazon documents the string to sign.
function note(more = {}, key = own.key) {
	const m = { Type: "Notification", MessageId: "id-1", TopicArn: topic, Message: event, Timestamp: "2026-11-22T03:49:58.000Z", SignatureVersion: "2", SigningCertURL: url, ...more };
	const names = m.Type === "Notification" ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
		: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
	const text = names.filter((n) => n in m).map((n) => `${n}\n${m[n]}\n`).join("");
	m.Signature = createSign(m.SignatureVersion === "1" ? "RSA-SHA1" : "RSA-SHA256").update(text).sign(key, "base64");
	return m;
}

// Their validator, its certificate had from here.
function believed(m) {
	const real = https.get;
	https.get = (_, cb) => {
		const res = new EventEmitter();
		res.statusCode = 200;
		cb(res);
		res.emit("data", own.cert);
		res.emit("end");
		return new EventEmitter();
	};
	return new Promise((ok) => new MessageValidator().validate(m, (e) => ok(!e))).finally(() => (https.get = real));
}
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

test("W3 ses: sent again it is the same event", async () => {
	const r = await post(note());
	assert.deepEqual([r.receipts[0].kind, r.receipts[0].ref, r.receipts[0].key], ["delivered", "ref1", "id-1"]);
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
