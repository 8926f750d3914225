// The real daemon with an account of every service, each in a place of its own that records what
// comes; a customer of each account, whose store sends by that account alone.
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { configure } from "./configure.mjs";
import { recorder } from "./recorder.mjs";

export const binary = process.env.REACHD ?? "build/reachd";
const epoch = Date.UTC(2026, 2, 10, 2), speed = 2; // from ten in the morning there: nothing is quiet

// Below those that the system gives to clients.
async function port(n) {
	for (let at = 20000 + (process.pid % 1500) * 8 + n; ; at += 8) {
		const server = createServer();
		const free = await new Promise((tell) => server.once("error", () => tell(false)).listen(at, "127.0.0.1", () => tell(true)));
		if (free) {
			await promisify(server.close.bind(server))();
			return at;
		}
	}
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

// The binary on a clock of its own: its lines, and whether it is ready or has ended.
function start(config) {
	const child = spawn(binary, ["run", "--config", config, "--epoch", new Date(epoch).toISOString(), "--speed", String(speed)], { stdio: ["ignore", "pipe", "pipe"] });
	const log = [], begun = Date.now();
	const ready = new Promise((resolve, reject) => {
		child.once("error", reject).once("exit", (code) => reject(new Error(`reachd ended with ${code}`)));
		for (const stream of [child.stdout, child.stderr])
			createInterface({ input: stream }).on("line", (line) => {
				log.push(line);
				if (line.includes("info ready")) resolve();
			});
	});
	process.once("exit", () => child.kill("SIGKILL")).once("SIGTERM", () => process.exit(1));
	return { log, ready, now: () => epoch + speed * (Date.now() - begun), close: () => child.kill("SIGKILL") };
}

export async function open(services) {
	const dir = mkdtempSync(join(tmpdir(), "reachd-oracle-")), state = join(dir, "state"), socket = join(state, "reachd.sock");
	const write = (file, what) => {
		mkdirSync(dirname(join(dir, file)), { recursive: true, mode: 0o700 });
		writeFileSync(join(dir, file), typeof what === "string" ? what : JSON.stringify(what), { mode: 0o600 });
	};
	const places = {}, ports = { public: await port(0), staff: await port(1) };
	for (const [name, s] of Object.entries(services)) places[name] = await (s.place?.() ?? recorder(s.answer));
	configure(services, places, ports, state, write);

	const daemon = start(join(dir, "config")), parts = [daemon, ...Object.values(places)];
	const tool = async (...words) => (await promisify(execFile)(binary, [...words, "--socket", socket])).stdout;
	const hooks = (name) => `http://127.0.0.1:${ports.public}/hooks/${services[name].account.type}/${name}`;
	const house = {
		places, hooks, now: daemon.now,
		why: async (name) => JSON.parse(await tool("why", name, "--json")),
		async event(name, type, id = `${name}-${type}`) {
			const headers = { "content-type": "application/json", "idempotency-key": id };
			const r = await ask({ socketPath: socket, path: "/v1/events", method: "POST", headers },
				JSON.stringify({ id, customer: name, type, at: new Date(epoch - 3600e3).toISOString() }));
			if (r.status >= 300) throw new Error(`${r.status} ${r.body}`);
		},
		// To its webhook; path: below the account's address, else its secret.
		post(name, { method = "POST", path, query, headers = {}, body = "" }) {
			const secret = services[name].account.hook_secret, url = new URL(hooks(name) + (path ?? (secret ? "/" + secret : "")) + (query ? "?" + query : ""));
			return ask({ hostname: url.hostname, port: url.port, path: url.pathname + url.search, method, headers }, body);
		},
		close() {
			parts.forEach((p) => p.close());
			rmSync(dir, { recursive: true, force: true });
		},
	};
	try {
		await daemon.ready;
		const store = reader(join(state, "reachd.db"));
		house.count = store.count;
		parts.push(store);
		await tool("import", "staff", join(dir, "staff.csv"));
		await tool("import", "customers", join(dir, "c.csv"));
	} catch (e) {
		house.close();
		throw new Error(`${e.message}\n${e.stdout ?? ""}\n${daemon.log.join("\n")}`);
	}
	return house;
}

function ask(options, body) {
	return new Promise((resolve, reject) => {
		http.request({ agent: false, ...options }, async (res) => {
			const chunks = [];
			for await (const c of res) chunks.push(c);
			resolve({ status: res.statusCode, body: Buffer.concat(chunks).toString() });
		}).on("error", reject).end(body);
	});
}
