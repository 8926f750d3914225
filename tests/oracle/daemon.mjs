// The real binary: what it sends to each service is judged by the service's own SDK, and what that
// SDK signs and posts it must take, or refuse and forget: tampered, of another key, stale; once,
// however often it is told.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { text } from "./frame/configure.mjs";
import { binary, open } from "./frame/house.mjs";
import { until } from "./frame/until.mjs";

// Every type there is, but for what is no service's own.
const types = execFileSync(binary, ["help", "providers"], { encoding: "utf8" }).matchAll(/^([a-z0-9-]+) {2,}/gm);
const names = process.env.ONLY?.split(" ") ?? [...types].map((m) => m[1]).filter((name) => name !== "http" && name !== "sandbox");
const usual = { sent: "accepted", carries: (r) => r.method !== "GET", refuses: {}, effect: async (house, name) => (await states(name)).includes("delivered") };
const services = {};
for (const name of names) services[name] = { ...usual, ...(await import(`./service/${name}.mjs`)).default };

let house;
before(async () => {
	house = await open(services);
	for (const [name, s] of Object.entries(services)) {
		await s.first?.(house, name);
		await house.event(name, s.channel);
	}
});
after(() => house?.close());

const stored = (name) => house.count(`SELECT count(*) FROM inbox WHERE account = '${name}'`);
const states = async (name) => (await house.why(name)).runs.flatMap((r) => r.steps).map((t) => t.state).filter(Boolean);

async function refused(name, what, post) {
	const had = await stored(name), r = await house.post(name, post);
	assert.ok([401, 403, 406].includes(r.status), `${what}: ${r.status} ${r.body}`);
	assert.equal(await stored(name), had, `${what} is stored`);
}

async function refuses(s, m) {
	for (const [what, change] of Object.entries(s.refuses)) await refused(m.name, what, await change(m));
	if (s.account.hook_secret)
		for (const [what, path] of [["another secret", "/anothersecret000000000"], ["no secret", ""]]) await refused(m.name, what, { ...s.post(m), path });
	assert.equal((await states(m.name)).at(-1), s.sent);
}

async function takesOnce(s, m) {
	s.happens?.(house);
	const had = await stored(m.name), good = await house.post(m.name, s.post(m));
	assert.equal(good.status, 200, good.body);
	s.replied?.(good);
	await until(`${m.name} has its effect`, () => s.effect(house, m.name));
	assert.equal(await stored(m.name), had + 1);
	const left = await states(m.name), again = await house.post(m.name, s.again?.(m) ?? s.post(m));
	assert.deepEqual([again.status, again.body], [good.status, good.body]);
	assert.deepEqual([await stored(m.name), await states(m.name)], [had + 1, left]);
}

for (const [name, s] of Object.entries(services))
	test(`W1-W3 ${name}: sent as theirs, its webhooks taken and refused as theirs`, async () => {
		await until(`${name} is ${s.sent}`, async () => (await states(name)).includes(s.sent));
		const { calls, url: place } = house.places[name], own = () => calls.filter(s.carries);
		const m = { name, to: s.to, words: text(name), calls, hooks: house.hooks(name), place, now: house.now() };
		Object.assign(m, await s.judge(own().at(-1), m));
		await refuses(s, m);
		await takesOnce(s, m);
		await s.also?.(house, m);
		assert.equal(own().length, 1, "it is sent once");
	});
