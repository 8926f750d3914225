// Postmark: their SDK makes the same call of the same mails, and knows our codes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Models } from "postmark";
import { drive, hook } from "./frame/drive.mjs";
import { account as own, mail, sameBatch, sameCall, theirs } from "./service/postmark.mjs";

const account = { name: "main", ...own };
const at = Date.UTC(2026, 10, 22, 3, 50);
const parcel = (n, category) => ({
	to: `c${n}@customer.example`, ref: `ref${n}`, call: "call0000000000000000aaaa", channel: "email", category, subject: "保养提醒",
	text: "您好\n", html: "<p>您好</p>", unsubscribe: category === "marketing" ? "https://reach.example.com/u/abc" : "",
});

test("a batch is the call their SDK makes", async () => {
	const parcels = [parcel(1, "marketing"), parcel(2, "service")];
	await sameBatch(await drive("request", { account, at, parcels }), parcels.map(mail));
});

test("asking is the call their SDK makes", async () => {
	const ask = async (provider_id, call) => sameCall(await drive("query", { account, at, parcel: { ...parcel(1, "service"), provider_id } }), await theirs(call));
	const search = Object.assign(new Models.OutboundMessagesFilteringParameters(1, 0), { messageStream: "outbound", metadata_reach_id: "ref1" });
	await ask("", (client) => client.getOutboundMessages(search));
	await ask("b7bc", (client) => client.getOutboundMessageDetails("b7bc"));
});

test("every bounce type of their model is understood", async () => {
	const types = Object.values(Models.BounceType ?? {}).filter((t) => typeof t === "string");
	assert.ok(types.length > 10);
	for (const Type of types) {
		const body = JSON.stringify({ RecordType: "Bounce", ID: 1, Type, MessageID: "m1", Email: "c1@customer.example", Inactive: true, Metadata: { reach_id: "ref1" } });
		const r = await hook(account, { headers: { authorization: "Basic " + Buffer.from("reach:s:cret").toString("base64") }, body, now: at }), e = r.receipts[0];
		assert.ok(!e.broken && (e.bad_address || e.opted_out || e.kind === "complaint" || e.kind === "unsubscribe"), Type);
	}
});
