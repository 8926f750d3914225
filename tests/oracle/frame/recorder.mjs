// A service's place: keeps every request as it came, in the form drive.mjs has them, and answers
// as it is told to.
import { once } from "node:events";
import { createServer } from "node:http";

// answer(call) -> { status, headers, body }; a body that is no string goes as JSON.
export async function recorder(answer) {
	const calls = [];
	const server = createServer(async (req, res) => {
		const chunks = [], headers = [];
		for await (const chunk of req) chunks.push(chunk);
		for (let i = 0; i < req.rawHeaders.length; i += 2) headers.push(`${req.rawHeaders[i]}: ${req.rawHeaders[i + 1]}`);
		const call = { method: req.method, url: `http://${req.headers.host}${req.url}`, path: req.url, headers, body: Buffer.concat(chunks).toString() };
		calls.push(call);
		const { status = 200, headers: more, body = "" } = answer(call);
		res.writeHead(status, { "content-type": "application/json", ...more });
		res.end(typeof body === "string" ? body : JSON.stringify(body));
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		calls, url: `http://127.0.0.1:${server.address().port}`,
		close: () => { server.close(); server.closeAllConnections(); },
	};
}

// What `run(url)` asks of such a place: the last request, and what it made of the answer.
export async function asked(answer, run) {
	const place = await recorder(answer);
	try {
		const got = await run(place.url);
		return { ...place.calls.at(-1), got };
	} finally {
		place.close();
	}
}
