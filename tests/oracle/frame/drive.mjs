// Our providers as functions, by way of the program drive; one process for a whole file of tests.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after } from "node:test";

export { headersOf } from "./request.mjs";

const child = spawn(process.env.DRIVE ?? "build/tests/oracle/drive", { stdio: ["pipe", "pipe", "inherit"] });
const waiting = [];
createInterface({ input: child.stdout }).on("line", (line) => waiting.shift().resolve(JSON.parse(line)));
child.on("exit", (code) => waiting.splice(0).forEach((w) => w.reject(new Error(`drive ended: ${code}`))));
after(() => child.stdin.end());

export function drive(op, fields) {
	return new Promise((resolve, reject) => {
		waiting.push({ resolve, reject });
		child.stdin.write(JSON.stringify({ op, ...fields }) + "\n");
	});
}

// A webhook: body is a string or a Buffer; what is not told has its usual value.
export function hook(account, { method = "POST", path = "", query = "", url, headers = {}, body = "", now = Date.now(), fetched }) {
	return drive("hook", {
		account, method, path, query, headers, now, fetched,
		url: url ?? `https://reach.example.com/hooks/${account.type}/${account.name}${query ? "?" + query : ""}`,
		body64: Buffer.from(body).toString("base64"),
	});
}
