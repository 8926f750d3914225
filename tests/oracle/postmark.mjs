// Postmark: their SDK makes the same call of the same mails, and knows our codes.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { ServerClient, Models } from "postmark";
import { drive, hook, headersOf } from "./frame/drive.mjs";

const account = {
	name: "main", type: "postmark", from: "news@dealer.example", from_name: "示例汽车", server_token: "token-example",
	inbound: "0123abcd@inbound.postmarkapp.com", webhook_user: "reach", webhook_password: "s:cret",
};
const at = Date.UTC(2026, 10, 22, 3, 50);
const parcel = (n, category) => ({
	to: `c${n}@customer.example`, ref: `ref${n}`, call: "call0000000000000000aaaa", channel: "email", category, subject: "保养提醒",
	text: "您好\n", html: "<p>您好</p>", unsubscribe: category === "marketing" ? "https://reach.example.com/u/abc" : "",
});

// A message of their model: only members it has.
function mail(n, category) {
	const m = new Models.Message("\"示例汽车\" <news@dealer.example>", "保养提醒", "<p>您好</p>", "您好\n", `c${n}@customer.example`, undefined, undefined,
		`0123abcd+ref${n}@inbound.postmarkapp.com`);
	m.Headers = [new Models.Header("X-Reach-Id", `ref${n}`)];
	if (category === "marketing")
		m.Headers.push(new Models.Header("List-Unsubscribe", "<https://reach.example.com/u/abc>"), new Models.Header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
	m.TrackOpens = false;
	m.TrackLinks = Models.LinkTrackingOptions.None;
	m.Metadata = { reach_id: `ref${n}` };
	m.MessageStream = category === "marketing" ? "broadcast" : "outbound";
	return JSON.parse(JSON.stringify(m));
}

// What their client sends for this call.
async function theirs(call) {
	let seen;
	const server = createServer((req, res) => {
		let body = "";
		req.on("data", (d) => (body += d)).on("end", () => {
			seen = { method: req.method, path: req.url, headers: req.headers, body: body && JSON.parse(body) };
			res.setHeader("content-type", "application/json").end("[]");
		});
	});
	await new Promise((ok) => server.listen(0, "127.0.0.1", ok));
	try {
		const client = new ServerClient("token-example", { useHttps: false, requestHost: `127.0.0.1:${server.address().port}` });
		await call(client);
	} finally {
		server.closeAllConnections?.();
		await new Promise((ok) => server.close(ok));
	}
	return seen;
}

test("a batch is the call their SDK makes", async () => {
	const seen = await theirs((client) => client.sendEmailBatch([mail(1, "marketing"), mail(2, "service")]));
	const ours = await drive("request", { account, at, parcels: [parcel(1, "marketing"), parcel(2, "service")] }), h = headersOf(ours);
	assert.equal(ours.method, seen.method);
	assert.equal(new URL(ours.url).pathname, seen.path);
	for (const name of ["x-postmark-server-token", "accept"]) assert.equal(h[name], seen.headers[name], name);
	assert.deepEqual(JSON.parse(ours.body), seen.body);
});

test("asking is the call their SDK makes", async () => {
	const ask = async (provider_id, call) => {
		const ours = await drive("query", { account, at, parcel: { ...parcel(1, "service"), provider_id } }), seen = await theirs(call);
		const a = new URL(ours.url), b = new URL(seen.path, "http://x");
		assert.deepEqual([ours.method, a.pathname, Object.fromEntries(a.searchParams)], [seen.method, b.pathname, Object.fromEntries(b.searchParams)]);
		for (const name of ["x-postmark-server-token", "accept"]) assert.equal(headersOf(ours)[name], seen.headers[name], name);
	};
	const search = Object.assign(new Models.OutboundMessagesFilteringParameters(1, 0), { messageStream: "outbound", metadata_reach_id: "ref1" });
	await ask("", (client) => client.getOutboundMessages(search).catch(() => 0));
	await ask("b7bc", (client) => client.getOutboundMessageDetails("b7bc").catch(() => 0));
});

const record = JSON.stringify({ RecordType: "Delivery", MessageID: "m1", Recipient: "c1@customer.example", DeliveredAt: "2026-11-22T03:49:58Z", Metadata: { reach_id: "ref1" } });
const basic = (user, password) => ({ authorization: "Basic " + Buffer.from(`${user}:${password}`).toString("base64") });

test("W1 postmark: the password of the webhook's address, no other", async () => {
	assert.equal((await hook(account, { headers: basic("reach", "s:cret"), body: record, now: at })).status, 200);
	for (const h of [basic("reach", "secret"), basic("reach:s", "cret2"), {}]) assert.equal((await hook(account, { headers: h, body: record, now: at })).status, 401);
});

test("every bounce type of their model is understood", async () => {
	const types = Object.values(Models.BounceType ?? {}).filter((t) => typeof t === "string");
	assert.ok(types.length > 10);
	for (const Type of types) {
		const body = JSON.stringify({ RecordType: "Bounce", ID: 1, Type, MessageID: "m1", Email: "c1@customer.example", Inactive: true, Metadata: { reach_id: "ref1" } });
		const r = await hook(account, { headers: basic("reach", "s:cret"), body, now: at }), e = r.receipts[0];
		assert.ok(!e.broken && (e.bad_address || e.opted_out || e.kind === "complaint" || e.kind === "unsubscribe"), Type);
	}
});
