// Mail: mailparser reads what we make, smtp-server takes it over TLS or fails in every way it can,
// and nodemailer writes the mails that come back.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { simpleParser } from "mailparser";
import { drive, hook } from "./frame/drive.mjs";
import { account as own, compose, place, plain, reads } from "./service/smtp.mjs";

const at = Date.UTC(2026, 10, 27, 1);
const ref = "0abcdefgh0123456789jkmnp";
const account = { name: "main", ...own, url: "smtp://127.0.0.1:1", unsubscribe_mailbox: "refuse@dealer.example" };
const parcel = {
	to: "wang@example.com", ref, channel: "email", category: "marketing", subject: "广告：冬季保养免工时费，十二月底前预约另赠洗车一次",
	text: "王先生您好：\n.\n..两个点\n冬季保养免工时费。", html: "<p>王先生您好</p>\n<p>冬季保养 = 免工时费</p>",
	unsubscribe: `https://reach.example.com/u/${ref}`,
};
const made = (over = {}, acc = account) => drive("request", { account: acc, at, parcels: [{ ...parcel, ...over }] });

test("mailparser reads every part as it was written", async () => {
	const r = await made(), m = await reads(r.body, parcel);
	assert.equal(m.date.getTime(), at);
	assert.equal(m.headers.get("list").unsubscribe.url, parcel.unsubscribe);
	assert.equal(m.headers.get("list").unsubscribe.mail, `refuse@dealer.example?subject=unsubscribe%20${ref}`);
	assert.deepEqual(r.envelope, { from: `bounce+${ref}@dealer.example`, to: parcel.to, user: "reach", password: "s3cret", plain: false });
});

test("whatever the author wrote, lines are short and it comes back", async () => {
	const texts = ["x", "汽".repeat(3000), "y".repeat(5000), " a \t\n b=c\n\n.", "From me\n-- \n>q", "=?UTF-8?B?eA==?=", "--=_" + ref + "\nz", "😀 é ü ß\n" + "長い".repeat(400)];
	for (const text of texts) {
		const subject = text.replaceAll(/[\n\t]/g, " ").trim();
		const r = await made({ text, html: `<pre>${text}</pre>`, subject }), m = await simpleParser(r.body);
		for (const line of r.body.split("\r\n")) assert.ok(Buffer.byteLength(line) <= 998 && !/[\r\n]/.test(line) && /^[\x09\x20-\x7e]*$/.test(line));
		assert.equal(plain(m.text), plain(text));
		assert.equal(plain(m.html), plain(`<pre>${text}</pre>`));
		assert.equal(m.subject, subject);
	}
});

test("a line break in a subject is refused", async () => {
	assert.match((await made({ subject: "a\r\nBcc: x@example.com" })).error, /line break/);
});

// ---- over the wire ----

const dir = mkdtempSync(join(tmpdir(), "reachd-oracle-"));
after(() => rmSync(dir, { recursive: true }));
const file = (name) => join(dir, name);
for (const name of ["good", "other"])
	execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
		"-addext", "subjectAltName=IP:127.0.0.1", "-keyout", file(`${name}.key`), "-out", file(`${name}.pem`)], { stdio: "ignore" });

// A server, one mail to it, and what it saw.
async function post(options, over = {}, ca = "good") {
	const its = await place({ key: readFileSync(file("good.key")), cert: readFileSync(file("good.pem")), ...options });
	const out = await drive("send", { at, ca: file(`${ca}.pem`), parcels: [parcel], account: { ...account, url: its.url, ...over } });
	await its.close();
	return { ...out, seen: its.seen };
}
const refuse = (code, text) => Object.assign(new Error(text), { responseCode: code });

test("taken by STARTTLS, with our bytes and our return path", async () => {
	const out = await post({});
	assert.equal(out.end, "answered");
	assert.equal(out.answer.outcome, "accepted");
	assert.equal(out.answer.id, "4F1A2C");
	assert.deepEqual(out.seen.tls, [true]);
	assert.deepEqual(out.seen.from, [`bounce+${ref}@dealer.example`]);
	assert.equal(out.seen.mails.length, 1);
	assert.deepEqual(out.seen.mails[0].to, [parcel.to]);
	assert.equal(out.seen.mails[0].raw, (await made()).body);
});

test("taken by TLS from the first byte, and by AUTH LOGIN", async () => {
	assert.equal((await post({ secure: true })).answer.outcome, "accepted");
	const out = await post({ authMethods: ["LOGIN"] });
	assert.equal(out.answer.outcome, "accepted");
	assert.deepEqual(out.seen.users, ["LOGIN reach"]);
});

test("without TLS, or to a server somebody else answers for, nothing is said", async () => {
	for (const out of [await post({ hideSTARTTLS: true, disabledCommands: ["STARTTLS"], allowInsecureAuth: true }), await post({}, {}, "other"), await post({ secure: true }, {}, "other")]) {
		assert.equal(out.end, "not_written");
		assert.deepEqual(out.seen, { mails: [], users: [], from: [], tls: [] });
	}
});

test("a wrong password stops the account", async () => {
	const out = await post({}, { password: "other" });
	assert.equal(out.answer.freeze, true);
	assert.deepEqual(out.seen.from, []);
});

test("421 at connect waits", async () => {
	const out = await post({ onConnect: (session, done) => done(refuse(421, "too busy")) });
	assert.equal(out.answer.outcome, "refused_retry");
	assert.equal(out.answer.number, false);
});

test("refusals of the recipient", async () => {
	const rcpt = (code, text) => post({ onRcptTo: (address, session, done) => done(refuse(code, text)) });
	const gone = (await rcpt(550, "5.1.1 no such user")).answer, grey = (await rcpt(450, "4.2.0 greylisted")).answer,
		policy = (await rcpt(550, "5.7.1 blocked")).answer;
	assert.deepEqual([gone.outcome, gone.bad_address], ["rejected", true]);
	assert.deepEqual([grey.outcome, grey.number, grey.retry_after], ["refused_retry", true, 300000]);
	assert.deepEqual([policy.outcome, policy.bad_address, policy.freeze], ["rejected", false, false]);
});

test("refused after the text, lost before it, lost after it", async () => {
	const refused = await post({ onData: (stream, session, done) => (stream.resume(), stream.on("end", () => done(refuse(554, "5.7.1 spam")))) });
	assert.deepEqual([refused.end, refused.answer.outcome], ["answered", "rejected"]);
	const before = await post({ onRcptTo: function () { this.connections.forEach((c) => c._socket.destroy()); } });
	assert.equal(before.end, "not_written");
	const lost = await post({ onData(stream) { stream.resume(); stream.on("end", () => this.connections.forEach((c) => c._socket.destroy())); } });
	assert.equal(lost.end, "broken");
});

// ---- what comes back ----

const back = async (mail) => (await hook(account, { body: await compose(mail) })).receipts;
const answering = { from: "Wang <wang@example.com>", to: account.reply_to, inReplyTo: `<${ref}@dealer.example>`, subject: "回复：广告" };

test("an answer, however it is encoded, without our words below it", async () => {
	const text = "周六上午可以\n\n在 2026年11月27日，示例汽车 <news@dealer.example> 写道：\n> 拒收请点击退订";
	for (const textEncoding of ["base64", "quoted-printable"]) {
		const [r] = await back({ ...answering, text, textEncoding });
		assert.deepEqual([r.kind, r.ref, r.from, r.text], ["reply", ref, "wang@example.com", "周六上午可以"]);
	}
	const [both] = await back({ ...answering, text, html: "<p>周六上午可以</p>", attachments: [{ filename: "图.png", content: "x" }] });
	assert.equal(both.text, "周六上午可以");
});

test("automatic answers and other people's mail are passed over", async () => {
	assert.deepEqual(await back({ ...answering, text: "休假", headers: { "Auto-Submitted": "auto-replied" } }), []);
	assert.deepEqual(await back({ ...answering, text: "x", inReplyTo: "<a@other.example>" }), []);
	assert.deepEqual((await hook(account, { body: Buffer.from([0, 255, 10, 13, 0]) })).receipts, []);
});

test("a bounce with our whole mail in it", async () => {
	const ours = (await made()).body;
	const raw = ["From: MAILER-DAEMON@mx.example", "To: bounce@dealer.example", "MIME-Version: 1.0",
		"Content-Type: multipart/report; report-type=delivery-status; boundary=\"q\"", "", "--q", "Content-Type: message/delivery-status", "",
		"Reporting-MTA: dns; mx.example", "", "Final-Recipient: rfc822; wang@example.com", "Action: failed", "Status: 5.1.1", "",
		"--q", "Content-Type: message/rfc822", "", ours, "--q--", ""].join("\r\n");
	const { status, receipts: [r] } = await hook(account, { body: raw });
	assert.deepEqual([status, r.kind, r.ref, r.perr, r.bad_address], [200, "failed", ref, "5.1.1", true]);
});
