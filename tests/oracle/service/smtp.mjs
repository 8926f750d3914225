// Mail by SMTP. smtp-server takes it, mailparser reads it, nodemailer writes what comes back.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { mailOf, sender } from "./mails.mjs";

const require = createRequire(import.meta.url);
const { simpleParser } = require("mailparser");
const { SMTPServer } = require("smtp-server");
const MailComposer = require("nodemailer/lib/mail-composer");

export const account = { type: "smtp", from: sender.from, from_name: "示例汽车，\"客服\"", reply_to: "service@dealer.example", bounce: "bounce@dealer.example",
	user: "reach", password: "s3cret" };

// A server that takes mails of whoever knows the password, and what it saw.
export async function place(options = {}) {
	const seen = { mails: [], users: [], from: [], tls: [] };
	const server = new SMTPServer({
		size: 100000,
		onAuth(auth, session, done) {
			seen.users.push(`${auth.method} ${auth.username}`);
			done(auth.password === account.password ? null : new Error("wrong"), { user: 1 });
		},
		onMailFrom(address, session, done) {
			seen.from.push(address.address);
			seen.tls.push(session.secure);
			done();
		},
		onData(stream, session, done) {
			const parts = [];
			stream.on("data", (c) => parts.push(c));
			stream.on("end", () => {
				seen.mails.push({ raw: Buffer.concat(parts).toString(), to: session.envelope.rcptTo.map((r) => r.address) });
				done(null, "2.0.0 ok: queued as 4F1A2C");
			});
		},
		...options,
	});
	server.on("error", () => {});
	server.listen(0, "127.0.0.1");
	await once(server.server, "listening");
	return { seen, calls: seen.mails, url: `${options.secure ? "smtps" : "smtp"}://127.0.0.1:${server.server.address().port}`, close: () => new Promise((r) => server.close(r)) };
}

export const compose = (mail) => new Promise((resolve, reject) => new MailComposer(mail).compile().build((e, b) => (e ? reject(e) : resolve(b))));
export const plain = (s) => s.replaceAll("\r\n", "\n").trimEnd();

// What mailparser reads is what the author wrote.
export async function reads(raw, { to, ref, subject, text, html }) {
	const m = await simpleParser(raw);
	assert.equal(m.subject, subject);
	assert.deepEqual(m.from.value, [{ address: account.from, name: account.from_name }]);
	assert.equal(m.to.text, to);
	assert.equal(m.replyTo.text, account.reply_to);
	assert.equal(m.messageId, `<${ref}@dealer.example>`);
	assert.equal(m.headers.get("x-reach-id"), ref);
	assert.equal(plain(m.text), plain(text));
	assert.equal(plain(m.html), plain(html));
	return m;
}

let answer; // composed once: it has a Message-ID of its own

export default {
	account: { ...account, tls: "no", hook_secret: "mailhooksecret00000000" }, secrets: ["password"], channel: "email", to: "smtp@example.com",
	place: () => place({ disabledCommands: ["STARTTLS"], allowInsecureAuth: true }),
	async judge({ raw, to }, m) {
		const m1 = await simpleParser(raw), p = mailOf(m, { ref: m1.headers.get("x-reach-id"), text: m1.text, html: m1.html });
		await reads(raw, p);
		assert.deepEqual(to, [m.to]);
		for (const line of raw.split("\r\n")) assert.ok(Buffer.byteLength(line) <= 998 && /^[\x09\x20-\x7e]*$/.test(line), line);
		answer = await compose({ from: `Wang <${m.to}>`, to: account.reply_to, inReplyTo: m1.messageId, subject: "回复：您的车好了", text: "周六上午可以" });
		return p;
	},
	post: () => ({ headers: { "content-type": "message/rfc822" }, body: answer }),
	replied: (r) => assert.deepEqual(JSON.parse(r.body), { read: true }),
	effect: async (house, name) => (await house.count(`SELECT count(*) FROM inbox WHERE account = '${name}' AND verdict = 'applied' AND kind = 5`)) === 1,
};
