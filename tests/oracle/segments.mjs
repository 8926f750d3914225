// SMS parts: ours against Twilio's calculator. International texts are counted alike; the Chinese
// rule is another one, and says where.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRequire } from "node:module";
import { drive } from "./frame/drive.mjs";

const { SegmentedMessage } = createRequire(import.meta.url)("sms-segments-calculator");

const ours = (text, plan = "international", signature = "") => drive("segments", { text, plan, signature });
function theirs(text, encoding = "auto") {
	const m = new SegmentedMessage(text, encoding);
	return { encoding: m.encodingName, segments: m.segmentsCount };
}

let seed = 5;
const dice = (n) => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 8) % n;
const textOf = (alphabet, n) => Array.from({ length: n }, () => alphabet[dice(alphabet.length)]).join("");

const basic = [..."ABCxyz 0189.,!?@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤ÄÖÑÜ§¿äöñüà\n"], extended = [..."^{}\\[~]|€"];
const chinese = [..."您的车下周到店保养欢迎，。！"], astral = [..."🚗😀𠮷"];

async function agree(text) {
	const o = await ours(text), g = theirs(text);
	assert.deepEqual({ encoding: o.encoding, segments: o.segments }, g, JSON.stringify(text));
}

test("every character of GSM-7, and those that look as if they were", async () => {
	for (let c = 0x20; c < 0x3000; c++) {
		if (c >= 0x7f && c < 0xa0) continue;
		const text = "a" + String.fromCharCode(c);
		assert.equal((await ours(text)).encoding, theirs(text).encoding, `U+${c.toString(16)}`);
	}
});

test("at the edges: 160 and 153, 70 and 67", async () => {
	for (const alphabet of [["a"], ["€"], ["车"], basic, [...basic, ...extended], chinese, [...chinese, ...basic]])
		for (const edge of [1, 66, 67, 68, 69, 70, 71, 76, 77, 80, 81, 133, 134, 135, 152, 153, 154, 159, 160, 161, 200, 201, 202, 305, 306, 307, 459, 460]) await agree(textOf(alphabet, edge));
});

test("no character is torn: an escape, a pair of two", async () => {
	for (let i = 0; i < 300; i++) await agree(textOf([...basic, ...extended], 140 + dice(200)));
	for (let i = 0; i < 300; i++) await agree(textOf([...chinese, ...astral], 50 + dice(120)));
});

// In China every text is UCS-2, its parts 70 alone and 67 of several, by length alone; and the
// signature counts, which operators put in front. So it is what their calculator says of UCS-2
// with the brackets, but for texts in which a pair would be torn: operators there bill by length.
test("the Chinese rule is UCS-2 with the signature", async () => {
	for (const signature of ["", "示例汽车服务", "Example Motors"])
		for (let n = 1; n <= 300; n += 1 + dice(3))
			for (const alphabet of [chinese, basic]) {
				const text = textOf(alphabet, n), o = await ours(text, "china", signature);
				const whole = signature ? `【${signature}】${text}` : text;
				assert.equal(o.encoding, "UCS-2");
				assert.equal(o.units, whole.length);
				assert.equal(o.segments, theirs(whole, "UCS-2").segments, JSON.stringify(whole));
				assert.equal(o.segments, whole.length <= 70 ? 1 : Math.ceil(whole.length / 67));
			}
});

test("where the two rules part", async () => {
	const latin = "a".repeat(160), torn = "车".repeat(66) + "🚗" + "车".repeat(66);
	assert.deepEqual([(await ours(latin)).segments, (await ours(latin, "china")).segments], [1, 3]);
	assert.equal(torn.length, 134);
	assert.deepEqual([(await ours(torn)).segments, theirs(torn).segments, (await ours(torn, "china")).segments], [3, 3, 2]);
});
