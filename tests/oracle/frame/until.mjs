// Looks again and again until it is so.
const DEADLINE = 30e3;

export async function until(what, condition) {
	for (const end = Date.now() + DEADLINE; Date.now() < end; await new Promise((r) => setTimeout(r, 10))) {
		const got = await condition();
		if (got) return got;
	}
	throw new Error(`never: ${what}`);
}
