// The real binary: what it sends to each service is judged by the service's own SDK, and what that
// SDK signs and posts it must take, or refuse and forget: tampered, of another key, stale; once,
// however often it is told.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { text } from "./frame/configure.mjs";
import { binary, open, until } from "./frame/house.mjs";

// Every type there is, but for what is no service's own.
const types = execFileSync(binary, ["help", "providers"], { encoding: "utf8" }).matchAll(/^([a-z0-9-]+) {2,}/gm);
const names = process.env.ONLY?.split(" ") ?? [...types].map((m) => m[1]).filter((name) => name !== "http" && name !== "sandbox");
const services = {};
for (const name of names) services[name] = (await import(`./service/${name}.mjs`)).default;

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
const taken = (status) => status >= 200 && status < 300;

async function refused(name, what, post) {
	const had = await stored(name), r = await house.post(name, post);
	assert.ok([401, 403, 406].includes(r.status), `${what}: ${r.status} ${r.body}`);
	assert.equal(await stored(name), had, `${what} is stored`);
}

for (const [name, s] of Object.entries(services))
	test(`W1-W3 ${name}: sent as theirs, its webhooks taken and refused as theirs`, async () => {
		await until(`${name} is ${s.sent ?? "accepted"}`, async () => (await states(name)).includes(s.sent ?? "accepted"));
		const { calls, url: place } = house.places[name], own = () => calls.filter(s.carries ?? (() => true)), call = own().at(-1);
		const m = { name, to: s.to, words: text(name), calls, hooks: house.hooks(name), place, now: house.now() };
		Object.assign(m, await s.judge(call, m));

		for (const [what, change] of Object.entries(s.refuses ?? {})) await refused(name, what, await change(m));
		if (s.account.hook_secret) {
			await refused(name, "another secret", { ...s.post(m), path: "/anothersecret000000000" });
			await refused(name, "no secret", { ...s.post(m), path: "" });
		}
		assert.equal((await states(name)).at(-1), s.sent ?? "accepted");
		s.happens?.(house);
		const had = await stored(name), good = await house.post(name, s.post(m));
		assert.ok(taken(good.status), `${good.status} ${good.body}`);
		s.replied?.(good);
		await until(`${name} has its effect`, async () => (await (s.effect ?? (async () => (await states(name)).includes("delivered")))(house, name)));
		assert.equal(await stored(name), had + 1);
		const left = await states(name), again = await house.post(name, s.again?.(m) ?? s.post(m));
		assert.deepEqual([again.status, again.body], [good.status, good.body]);
		assert.deepEqual([await stored(name), await states(name)], [had + 1, left]);
		await s.also?.(house, m);
		assert.equal(own().length, 1, `it is sent once: ${own().map((c) => c.method + " " + c.url)}`);
	});
