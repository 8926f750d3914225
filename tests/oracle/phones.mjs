// Telephone numbers: ours against Google's libphonenumber, on generated writings. They differ only
// where the table says so, and every row of the table is met.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRequire } from "node:module";
import { drive } from "./frame/drive.mjs";

const require = createRequire(import.meta.url);
const { PhoneNumberUtil, PhoneNumberFormat, PhoneNumberType } = require("google-libphonenumber");
const util = PhoneNumberUtil.getInstance();
const typeName = (type) => Object.keys(PhoneNumberType).find((k) => PhoneNumberType[k] === type);

function theirs(text) {
	try {
		const n = util.parse(text, "CN");
		if (!util.isValidNumber(n)) return { type: "BAD", number: "" };
		return { type: typeName(util.getNumberType(n)), number: util.format(n, PhoneNumberFormat.E164) };
	} catch {
		return { type: "BAD", number: "" };
	}
}

// Is it the same number, and as good for an SMS?
const kinds = { MOBILE: "mobile", FIXED_LINE: "landline", BAD: "bad" };
const same = (o, g) => o.number === g.number && (kinds[g.type] === o.kind || (g.type === "FIXED_LINE_OR_MOBILE" && o.kind === "mobile"));

const digitsOf = (text) => text.normalize("NFKC").replace(/\D/g, "");
const abroad = (n) => n !== "" && !n.startsWith("+86");

const withoutOneZero = (o, g) => [...o].some((c, i) => c === "0" && o.slice(0, i) + o.slice(i + 1) === g);

// Why we differ: [name, reason, does it apply to the text, ours, theirs]. The first that applies counts.
const differences = [
	["spreadsheet", "a .0 behind is what a spreadsheet made of a number", (t) => /\.0$/.test(t.normalize("NFKC"))],
	["range", "ranges not given out, or to things: an operator opens one any day, and a list of ours would lose customers; the provider refuses what is nobody's",
		(t, o, g) => o.kind === "mobile" && g.type === "BAD" && o.number.startsWith("+86")],
	["words", "they look for a number among words, several numbers, extensions; a cell with more than a number is shown to a person",
		(t, o) => o.kind === "bad" && /[^\d\s+().\/\p{Pd}\p{Cf}\p{Cc}]/u.test(t.normalize("NFKC"))],
	["plus", "they overlook a second plus; to us it is a mistake of writing", (t, o) => o.kind === "bad" && /\+.*\+|.\+/.test(t.normalize("NFKC"))],
	["carrier", "17951 and its like chose a cheaper carrier in front of a number; nobody gives a customer's number so", (t, o) => o.kind === "bad" && /^(\+86)?179\d\d/.test(t.replace(/ /g, ""))],
	["service", "400 and 800 are companies' numbers, no customer's: without +86 none, with it a line to call",
		(t, o, g) => /^(SHARED_COST|TOLL_FREE)$/.test(g.type) && o.kind !== "mobile"],
	["length", "which areas have seven digits and which eight changes; we take both, they know today's; none of them gets an SMS", (t, o, g) => o.kind === "landline" && g.type === "BAD"],
	["no zero", "an area code without its 0 and without +86 may be a mobile number with a digit lost", (t, o, g) => o.kind === "bad" && g.type === "FIXED_LINE" && /^[1-9]/.test(digitsOf(t)) && !/^(\+|00)/.test(t.normalize("NFKC"))],
	["begins with 1", "no subscriber's number begins with 0 or 1: those are services", (t, o, g) => o.kind === "bad" && g.type === "FIXED_LINE" && /^(\+86|0086)?0?(10|2\d|[3-9]\d\d)[01]/.test(digitsOf(t).replace(/^0086|^86/, ""))],
	["short", "countries with numbers of fewer than eight digits: none sells cars in China", (t, o, g) => o.kind === "bad" && g.number.length < 9 && abroad(g.number)],
	["abroad, kind", "we keep no plan of other countries: every number may have SMS, and the provider says when it has not", (t, o, g) => o.kind === "mobile" && abroad(o.number) && o.number === g.number],
	["abroad, plan", "the same for numbers that are nobody's", (t, o, g) => o.kind === "mobile" && abroad(o.number) && g.type === "BAD"],
	["abroad, zero", "+44 (0)20: they know that the 0 goes, which in Italy it must not; ours keeps every digit that was written", (t, o, g) => o.kind === "mobile" && abroad(o.number) && withoutOneZero(o.number, g.number)],
];

const met = new Map(differences.map(([name]) => [name, 0]));
let agreed = 0;

async function compare(texts) {
	for (const text of texts) {
		const o = await drive("phone", { text }), g = theirs(text);
		if (same(o, g)) {
			agreed++;
			continue;
		}
		const why = differences.find(([, , applies]) => applies(text, o, g));
		assert.ok(why, `${JSON.stringify(text)}: ours ${o.kind} ${o.number}, theirs ${g.type} ${g.number}`);
		met.set(why[0], met.get(why[0]) + 1);
	}
}

let seed = 11;
const dice = (n) => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 8) % n;
const digits = (n, first = "") => first + Array.from({ length: n - first.length }, () => dice(10)).join("");
const wide = (s) => s.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).replace(/ /g, "\u3000");

const mobileStyles = [
	(d) => d, (d) => `${d.slice(0, 3)} ${d.slice(3, 7)} ${d.slice(7)}`, (d) => `${d.slice(0, 3)}-${d.slice(3, 7)}-${d.slice(7)}`, (d) => wide(d),
	(d) => wide(`${d.slice(0, 3)}-${d.slice(3, 7)} ${d.slice(7)}`), (d) => `+86${d}`, (d) => `+86 ${d}`, (d) => `0086${d}`, (d) => `0086-${d}`, (d) => `86${d}`,
	(d) => wide(`+86 ${d}`), (d) => `(+86)${d}`, (d) => `0${d}`, (d) => `+86 0${d}`, (d) => `${d}.0`, (d) => `\u202a${d}\u202c`, (d) => `${d.slice(0, 3)}\u00a0${d.slice(3)}`,
	(d) => `${d.slice(0, 3)}—${d.slice(3)}`, (d) => ` ${d}\t`, (d) => d.split("").join(" "), (d) => `17951${d}`, (d) => `手机${d}`, (d) => `tel:${d}`, (d) => `${d} ext 12`, (d) => `++86${d}`,
	(d) => d.slice(0, 10), (d) => d + "1",
];

test("mainland mobiles: every prefix in every writing", async () => {
	for (let prefix = 100; prefix < 200; prefix++) await compare(mobileStyles.map((style) => style(digits(11, String(prefix)))));
});

test("landlines of areas with two and three digits", async () => {
	const areas = ["10", "20", "21", "22", "23", "24", "25", "27", "28", "29", "311", "351", "371", "411", "431", "451", "510", "512", "531", "532", "551", "571", "574", "591", "592", "595", "668", "731", "746", "755", "757", "769", "771", "791", "812", "851", "871", "891", "898", "910", "931", "951", "971", "991", "999"];
	const styles = [(a, s) => `0${a}${s}`, (a, s) => `0${a}-${s}`, (a, s) => `(0${a})${s}`, (a, s) => wide(`0${a}-${s}`), (a, s) => `+86 ${a} ${s}`, (a, s) => `0086-${a}-${s}`, (a, s) => `+86(0${a})${s}`, (a, s) => a + s, (a, s) => s];
	for (const area of areas)
		for (const length of [7, 8])
			for (const first of ["1", "2", "5", "6", "8"]) await compare(styles.map((style) => style(area, digits(length, first))));
	await compare(["400-800-8820", "4008008820", "+86 400 800 8820", "800-810-8888", "95555", "12315", "110", "10086"]);
});

test("Hong Kong, Macau, Taiwan, and an example of every country there is", async () => {
	const styles = [(e, i) => e, (e, i) => i, (e, i) => "00" + e.slice(1), (e, i) => wide(i)];
	for (const region of util.getSupportedRegions()) {
		if (region === "CN") continue;
		for (const type of [PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE]) {
			const n = util.getExampleNumberForType(region, type);
			if (n) await compare(styles.map((style) => style(util.format(n, PhoneNumberFormat.E164), util.format(n, PhoneNumberFormat.INTERNATIONAL))));
		}
	}
	for (const [code, length] of [["852", 8], ["853", 8], ["886", 9], ["1", 10], ["44", 10], ["81", 10], ["65", 8], ["999", 9]])
		for (let i = 0; i < 50; i++) await compare([`+${code}${digits(length)}`]);
	await compare(["+44 (0)20 7946 0958", "+49 (0)151 23456789", "91234567", "85291234567"]);
});

test("nonsense", async () => {
	const letters = [..."0123456789013800+- ()./,;x#*转a１３８\u200b"];
	for (let i = 0; i < 3000; i++) await compare([Array.from({ length: 1 + dice(16) }, () => letters[dice(letters.length)]).join("")]);
	await compare(["", "+", "0", "00", "+86", "无", "1.38E+10", "13800138000;13900139000", "1380013800O"]);
});

test("every difference we explain is met, and most writings are no difference", () => {
	for (const [name, n] of met) assert.ok(n > 0, `nothing differs for "${name}" any more: take it out of the table`);
	const differing = [...met.values()].reduce((a, b) => a + b, 0);
	assert.ok(agreed > differing, `${agreed} agree, ${differing} differ`);
	console.log(`# ${agreed} agree; ${[...met].map(([k, n]) => `${k} ${n}`).join(", ")}`);
});
