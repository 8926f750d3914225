// The real daemon with an account of every service, each in a place of its own that records what
// comes; a customer of each account, whose store sends by that account alone.
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { recorder } from "./recorder.mjs";

const binary = process.env.REACHD ?? "build/reachd";
const epoch = Date.UTC(2026, 2, 10, 2), speed = 2; // from ten in the morning there: nothing is quiet
const DEADLINE = 30e3;

export const text = (name) => `${name} 您好，请来取车 a*b~c (d)'e!f+g`;

export async function until(what, condition) {
	for (const end = Date.now() + DEADLINE; Date.now() < end; await new Promise((r) => setTimeout(r, 10))) {
		const got = await condition();
		if (got) return got;
	}
	throw new Error(`never: ${what}`);
}

// Below those that the system gives to clients.
async function port(n) {
	for (let at = 20000 + (process.pid % 1500) * 8 + n; ; at += 8) {
		const server = createServer().listen(at, "127.0.0.1");
		const [won] = await Promise.race([once(server, "listening").then(() => [true]), once(server, "error")]);
		if (won !== true) continue;
		server.close();
		await once(server, "close");
		return at;
	}
}

// ---- its configuration: JSON is YAML ----

function accountOf(name, { account, secrets = [], channel }, url, write) {
	const written = {};
	for (const [key, value] of Object.entries(account)) {
		const secret = key === "hook_secret" || secrets.includes(key);
		if (secret) write(`config/secrets/${name}-${key}`, value);
		written[key] = secret ? { credential: `${name}-${key}` } : value;
	}
	return { ...written, name, channels: [channel], url, internal: true };
}

function configure(services, places, ports, state, write) {
	const names = Object.keys(services), publicUrl = `http://127.0.0.1:${ports.public}`;
	const list = (key) => Object.assign({}, ...names.map((n) => services[n][key] ?? {}));
	write("config/reachd.yaml", {
		entity: { name: "示例汽车服务", tz: "Asia/Shanghai", export_basis: "test" }, state, credentials: "secrets", public_url: publicUrl,
		listen: { public: `127.0.0.1:${ports.public}`, staff: `127.0.0.1:${ports.staff}` },
		providers: names.map((n) => accountOf(n, services[n], places[n].url, write)),
	});
	write("config/stores.yaml", { stores: names.map((n) => ({ id: n, name: n, accounts: [n] })) });
	write("config/policy.yaml", {
		quiet: [{ id: "night", from: "02:00", to: "03:00" }], tiers: { high: { cap: 12 }, low: { cap: 12 } }, min_gap: "none",
		service: { per_day: 50, per_month: 500 }, launch: { countdown: "off", ramp: "off" },
	});
	const front = { sms: { providers: list("registered") }, email: { subject: "您的车好了" }, phone: { outcomes: { reached: "接通", none: "没人接" } } };
	for (const channel of new Set(names.map((n) => services[n].channel))) {
		const words = text("{{ customer.id }}"), send = { id: "thanks", send: `hello/${channel}`, expires: "3d" },
			call = { id: "c", call: "hello/phone", to: "manager", due: "48h", outcomes: { reached: "end", none: "end" } };
		write(`config/templates/${channel}/hello/${channel}.liquid`,
			`---\n${JSON.stringify({ title: "thanks", category: "service", ...front[channel] })}\n---\n${channel === "email" ? `<p>${words} &amp; <b>谢谢</b></p>` : words}\n`);
		write(`config/playbooks/${channel}.yaml`, { playbook: channel, title: channel, category: "service", status: "live", start: { on: channel },
			steps: channel === "phone" ? [call, { id: "end", stop: true }] : [send] });
	}
	write("staff.csv", "id,name,role,wecom\nE1,王经理,manager,LiNa\n");
	write("c.csv", ["id,name,phone,email,push,wecom,store,consent", ...names.map((n) => {
		const to = (channel) => (services[n].channel === channel ? services[n].to : "");
		return [n, "李静", to("sms") || to("phone"), to("email"), to("push"), to("wecom"), n, "service"].join();
	})].join("\n") + "\n");
}

// Numbers from its database, beside it.
function reader(db) {
	const program = "import sqlite3,sys\ndb=sqlite3.connect(f'file:{sys.argv[1]}?mode=ro',uri=True)\nfor q in sys.stdin: print(db.execute(q).fetchone()[0],flush=True)";
	const child = spawn("python3", ["-c", program, db], { stdio: ["pipe", "pipe", "inherit"] }), waiting = [];
	createInterface({ input: child.stdout }).on("line", (line) => waiting.shift().resolve(Number(line)));
	child.on("exit", () => waiting.splice(0).forEach((w) => w.reject(new Error("the reader of the database ended"))));
	return {
		count: (sql) => new Promise((resolve, reject) => { waiting.push({ resolve, reject }); child.stdin.write(sql + "\n"); }),
		close: () => child.kill("SIGKILL"),
	};
}

export async function open(services) {
	const dir = mkdtempSync(join(tmpdir(), "reachd-oracle-")), state = join(dir, "state"), socket = join(state, "reachd.sock");
	const write = (file, what) => {
		mkdirSync(dirname(join(dir, file)), { recursive: true, mode: 0o700 });
		writeFileSync(join(dir, file), typeof what === "string" ? what : JSON.stringify(what), { mode: 0o600 });
	};
	const places = {}, ports = { public: await port(0), staff: await port(1) }, log = [], closing = [];
	for (const [name, s] of Object.entries(services)) {
		places[name] = await (s.place?.() ?? recorder(s.answer));
		closing.push(places[name].close);
	}
	configure(services, places, ports, state, write);

	const begun = Date.now();
	const child = spawn(binary, ["run", "--config", join(dir, "config"), "--epoch", "2026-03-10T10:00:00+08:00", "--speed", String(speed)], { stdio: ["ignore", "pipe", "pipe"] });
	process.once("exit", () => child.kill("SIGKILL"));
	process.once("SIGTERM", () => process.exit(1));
	const house = {
		places, log, now: () => epoch + speed * (Date.now() - begun),
		hooks: (name) => `http://127.0.0.1:${ports.public}/hooks/${services[name].account.type}/${name}`,
		close() {
			child.kill("SIGKILL");
			closing.forEach((close) => close());
			rmSync(dir, { recursive: true, force: true });
		},
		tool: async (...words) => (await promisify(execFile)(binary, [...words, "--socket", socket])).stdout,
		why: async (name) => JSON.parse(await house.tool("why", name, "--json")),
		async event(name, type, id = `${name}-${type}`) {
			const body = JSON.stringify({ id, customer: name, type, at: "2026-03-10T09:00:00+08:00" });
			const r = await ask({ socketPath: socket, path: "/v1/events", method: "POST", headers: { "content-type": "application/json", "idempotency-key": id } }, body);
			if (r.status >= 300) throw new Error(`${r.status} ${r.body}`);
		},
		// To its webhook, below the account's address.
		post: (name, { method = "POST", path, query = "", headers = {}, body = "" }) => {
			const secret = services[name].account.hook_secret;
			return ask(new URL(`${house.hooks(name)}${path ?? (secret ? "/" + secret : "")}${query && "?" + query}`), body, { method, headers });
		},
	};
	const ended = once(child, "exit").then(([code]) => { throw new Error(`reachd ended with ${code}`); });
	ended.catch(() => {});
	const ready = new Promise((resolve) => [child.stdout, child.stderr].forEach((stream) => createInterface({ input: stream }).on("line", (line) => {
		log.push(line);
		if (line.includes("info ready")) resolve();
	})));
	try {
		await Promise.race([ready, ended]);
		const store = reader(join(state, "reachd.db"));
		house.count = store.count;
		closing.push(store.close);
		await house.tool("import", "staff", join(dir, "staff.csv"));
		await house.tool("import", "customers", join(dir, "c.csv"));
	} catch (e) {
		house.close();
		throw new Error(`${e.message}\n${e.stdout ?? ""}\n${log.join("\n")}`);
	}
	return house;
}

function ask(where, body, more = {}) {
	return new Promise((resolve, reject) => {
		const options = { agent: false, ...more };
		const done = async (res) => {
			const chunks = [];
			for await (const c of res) chunks.push(c);
			resolve({ status: res.statusCode, type: res.headers["content-type"] ?? "", body: Buffer.concat(chunks).toString() });
		};
		const req = where instanceof URL ? http.request(where, options, done) : http.request({ ...where, ...options }, done);
		req.on("error", reject);
		req.end(body);
	});
}
