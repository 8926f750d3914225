// What can be said of a request, ours or theirs: { method, url, headers: ["Name: value"], body }.
import assert from "node:assert/strict";

// "Name: value" lines as an object with lower-case names.
export function headersOf(request) {
	return Object.fromEntries(request.headers.map((h) => {
		const at = h.indexOf(":");
		return [h.slice(0, at).toLowerCase(), h.slice(at + 1).trim()];
	}));
}

// The service's own place and path; where the account has a place of its own here, the path.
export function sameAddress(ours, theirs) {
	const a = new URL(ours), b = new URL(theirs);
	assert.equal(a.pathname, b.pathname);
	if (a.hostname !== "127.0.0.1") assert.equal(a.origin, b.origin);
}
