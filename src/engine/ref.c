#include "ref.h"

#include <string.h>

#include "base/clock.h"

/* 8 bytes id, 2 bytes attempt, 5 bytes MAC: 15 bytes are exactly 24 characters. */
#define RAW 15
static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz"; /* Crockford's */

static void
fill(struct crypt *c, int64_t msg, int n, uint8_t raw[RAW])
{
	uint8_t mac[32];

	for (int i = 0; i < 8; i++)
		raw[i] = (uint8_t)((uint64_t)msg >> (56 - 8 * i));
	raw[8] = (uint8_t)(n >> 8);
	raw[9] = (uint8_t)n;
	crypt_hmac(c, "ref", raw, 10, mac);
	memcpy(raw + 10, mac, 5);
}

char *
ref_make(struct crypt *c, int64_t msg, int n, char *buf)
{
	uint8_t raw[RAW];

	fill(c, msg, n, raw);
	for (int i = 0; i < 24; i++) {
		int bit = 5 * i, at = bit / 8, off = bit % 8;
		unsigned two = (unsigned)raw[at] << 8 | (at + 1 < RAW ? raw[at + 1] : 0);

		buf[i] = digits[two >> (11 - off) & 31];
	}
	buf[24] = '\0';
	return buf;
}

static int
decode(const char *text, uint8_t raw[RAW])
{
	memset(raw, 0, RAW);
	if (strlen(text) != 24)
		return -1;
	for (int i = 0; i < 24; i++) {
		const char *d = strchr(digits, text[i]);
		int bit = 5 * i, at = bit / 8, off = bit % 8;
		unsigned two;

		if (d == NULL)
			return -1;
		two = (unsigned)(d - digits) << (11 - off);
		raw[at] |= (uint8_t)(two >> 8);
		if (at + 1 < RAW)
			raw[at + 1] |= (uint8_t)two;
	}
	return 0;
}

bool
ref_names_call(const char *text)
{
	uint8_t raw[RAW];

	return decode(text, raw) == 0 && raw[8] == 0 && raw[9] == 0;
}

int
ref_parse(struct crypt *c, const char *text, int64_t *msg, int *n)
{
	uint8_t raw[RAW], want[RAW];
	uint64_t id = 0;

	if (decode(text, raw) != 0)
		return -1;
	for (int i = 0; i < 8; i++)
		id = id << 8 | raw[i];
	*msg = (int64_t)id;
	*n = raw[8] << 8 | raw[9];
	fill(c, *msg, *n, want);
	return crypt_equal(raw, want, RAW) ? 0 : -1;
}
