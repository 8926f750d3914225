// Amazon SES. Their SDK makes and signs the same call; their SNS validator believes what we believe.
import assert from "node:assert/strict";
import { createHash, createHmac, createSign } from "node:crypto";
import { execFileSync } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { headersOf, sameAddress } from "../frame/request.mjs";
import { mailOf, sender, unsubscribes } from "./mails.mjs";

const require = createRequire(import.meta.url);
const { SignatureV4 } = require("@smithy/signature-v4");
const MessageValidator = require("sns-validator");

export const topic = "arn:aws:sns:ap-southeast-1:123456789012:reach", region = "ap-southeast-1";
export const account = { type: "ses", ...sender, from_name: "Dealer", region, access_key_id: "AKIAEXAMPLE", secret_access_key: "example-secret", configuration_set: "reach", topic_arn: topic };
export const credentials = { accessKeyId: account.access_key_id, secretAccessKey: account.secret_access_key };

class Sha256 {
	constructor(secret) { this.h = secret ? createHmac("sha256", Buffer.from(secret)) : createHash("sha256"); }
	update(data) { this.h.update(typeof data === "string" ? data : Buffer.from(data)); }
	async digest() { return new Uint8Array(this.h.digest()); }
}

// The authorization their signer makes of a request, at the time it tells.
export async function signature(r, how = credentials) {
	const url = new URL(r.url), headers = { ...headersOf(r), host: url.host }, stamp = headers["x-amz-date"];
	const signed = headers.authorization.match(/SignedHeaders=([^,]+)/)[1].split(";");
	for (const name of Object.keys(headers)) if (!signed.includes(name) || name.startsWith("x-amz-")) delete headers[name];
	const signer = new SignatureV4({ service: "ses", region, credentials: how, sha256: Sha256, applyChecksum: false });
	const theirs = await signer.sign({ method: r.method, protocol: url.protocol, hostname: url.host, path: url.pathname, query: {}, headers, body: r.body },
		{ signingDate: new Date(stamp.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5")) });
	return theirs.headers.authorization;
}

// The call is the one their client makes of this mail.
export async function same(r, p) {
	let seen;
	const client = new SESv2Client({ region, credentials, maxAttempts: 1, requestHandler: { handle: async (request) => { seen = request; throw new Error("enough"); } } });
	const content = (Data) => ({ Data, Charset: "UTF-8" });
	await client.send(new SendEmailCommand({
		FromEmailAddress: `"${account.from_name}" <${account.from}>`, Destination: { ToAddresses: [p.to] },
		Content: { Simple: { Subject: content(p.subject), Body: { Text: content(p.text), Html: content(p.html) },
			Headers: Object.entries({ "X-Reach-Id": p.ref, ...unsubscribes(p) }).map(([Name, Value]) => ({ Name, Value })) } },
		EmailTags: [{ Name: "reach_id", Value: p.ref }], ConfigurationSetName: account.configuration_set,
	})).catch((e) => assert.equal(e.message, "enough"));
	sameAddress(r.url, `https://${seen.hostname}${seen.path}`);
	assert.deepEqual([r.method, headersOf(r)["content-type"]], [seen.method, seen.headers["content-type"]]);
	assert.deepEqual(JSON.parse(r.body), JSON.parse(Buffer.from(seen.body).toString()));
}

// ---- SNS ----

const dir = mkdtempSync(join(tmpdir(), "reachd-sns-"));
function certified(name) {
	const key = join(dir, `${name}.key`), cert = join(dir, `${name}.pem`);
	execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "1", "-subj", "/CN=sns.amazonaws.com"],
		{ stdio: "ignore" });
	return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}
export const own = certified("own"), strange = certified("strange");
rmSync(dir, { recursive: true });

export const certUrl = "https://sns.ap-southeast-1.amazonaws.com/SimpleNotificationService-0123.pem";
const eventOf = (to, ref) => JSON.stringify({ eventType: "Delivery", mail: { messageId: "m1", destination: [to], tags: { reach_id: [ref] } }, delivery: {} });

// As Amazon documents the string to sign.
export function note(more = {}, key = own.key) {
	const m = { Type: "Notification", MessageId: "id-1", TopicArn: topic, Message: eventOf("c1@customer.example", "ref1"), Timestamp: "2026-11-22T03:49:58.000Z",
		SignatureVersion: "2", SigningCertURL: certUrl, ...more };
	const names = m.Type === "Notification" ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
		: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
	const text = names.filter((n) => n in m).map((n) => `${n}\n${m[n]}\n`).join("");
	m.Signature = createSign(m.SignatureVersion === "1" ? "RSA-SHA1" : "RSA-SHA256").update(text).sign(key, "base64");
	return m;
}

// Their validator, its certificate had from here.
export function believed(m) {
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

// Theirs comes from Amazon's place by https, ours from where the account's url says: the address is
// in no signature.
const post = (m, { more = {}, key, change = {} } = {}) => ({ headers: { "content-type": "text/plain; charset=UTF-8" },
	body: JSON.stringify({ ...note({ Message: eventOf(m.to, m.ref), ...more }, key), SigningCertURL: `${m.place}/cert.pem`, ...change }) });
const asAmazon = (p) => ({ ...JSON.parse(p.body), SigningCertURL: certUrl });
async function wrong(m, how) {
	const p = post(m, how);
	assert.equal(await believed(asAmazon(p)), false);
	return p;
}

export default {
	account, secrets: ["secret_access_key"], channel: "email", to: "ses@example.com",
	answer: (r) => (r.path === "/cert.pem" ? { body: own.cert } : { body: { MessageId: "m1" } }),
	carries: (r) => r.path === "/v2/email/outbound-emails",
	async judge(r, m) {
		const { Simple } = JSON.parse(r.body).Content;
		const p = mailOf(m, { ref: Simple.Headers[0].Value, text: Simple.Body.Text.Data, html: Simple.Body.Html.Data });
		assert.equal(headersOf(r).authorization, await signature(r));
		assert.notEqual(headersOf(r).authorization, await signature(r, { ...credentials, secretAccessKey: "other" }));
		await same(r, p);
		assert.ok(await believed(asAmazon(post({ ...m, ...p }))));
		return p;
	},
	post,
	refuses: {
		"tampered": (m) => wrong(m, { change: { Message: eventOf(m.to, m.ref).replace("Delivery", "Bounce") } }),
		"of another key": (m) => wrong(m, { key: strange.key }),
		"of another version": (m) => wrong(m, { change: { SignatureVersion: "3" } }),
		"of another topic": (m) => post(m, { more: { TopicArn: topic + "2" } }),
		"certified elsewhere": (m) => post(m, { change: { SigningCertURL: "http://127.0.0.1:1/cert.pem" } }),
	},
	// Its address is confirmed where they say, once they have signed that.
	async also(house, m) {
		const path = "/?Action=ConfirmSubscription&Token=t";
		const asks = (more, key) => post(m, { key, more: { Type: "SubscriptionConfirmation", Token: "t", Message: "x", SubscribeURL: m.place + path, ...more } });
		const confirmed = () => m.calls.filter((c) => c.path === path).length;
		assert.equal((await house.post(m.name, asks({}, strange.key))).status, 401);
		assert.equal((await house.post(m.name, asks({ SubscribeURL: "http://127.0.0.1:1/" }))).status, 401);
		assert.equal(confirmed(), 0);
		assert.equal((await house.post(m.name, asks())).status, 200);
		assert.equal(confirmed(), 1);
	},
};
