/* event.c - `reachd event`: events from a file to the daemon, one request each.
 *
 * The text goes out as it stands, so that the daemon's strict reading sees all of
 * it. The Idempotency-Key is the hash of the text: sending a file again is safe. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/crypt.h"
#include "client.h"
#include "cmd/cmd.h"
#include "input.h"

static const char help[] =
    "usage: reachd event FILE [--config DIR | --socket PATH]\n\n"
    "Hands events to the daemon: JSON, one event or one a line; - is standard input.\n"
    "Sending the same file again does no harm.\n\n"
    "  {\"id\": \"dms-991\", \"customer\": \"C1024\", \"type\": \"visit\",\n"
    "   \"at\": \"2026-11-22T10:30:00+08:00\", \"data\": {\"amount\": 1280.00}}\n";

struct tally {
	int new, seen, parked, refused;
};

/* 0, or the exit code that ends everything: nobody answers, or nothing can be kept. */
static int
send_one(const struct client *c, const char *text, size_t len, const char *place,
    struct tally *t)
{
	char key[sizeof("Idempotency-Key: ") + 64] = "Idempotency-Key: ";
	const char *headers[] = { "Content-Type: application/json", key, NULL };
	const struct client_ask ask = { .method = "POST",
		.path = "/v1/events",
		.headers = headers,
		.body = text,
		.len = len };
	struct client_answer ans;
	struct err e = { 0 };
	uint8_t sum[32];
	int code;

	crypt_sha256(text, len, sum);
	crypt_hex(sum, sizeof(sum), key + strlen(key));
	if (client_ask(c, &ask, &ans, &e) != 0)
		return options_fail("event", &e);
	code = client_exit(ans.status);
	t->new += ans.status == 201;
	t->seen += ans.status == 200;
	t->parked += ans.status == 202;
	if (code != 0) {
		char *error = client_error(ans.body->str);

		fprintf(stderr, "reachd event: %s: %s\n", place, error);
		g_free(error);
		t->refused += code == 1;
	}
	client_answer_fini(&ans);
	return code == 1 ? 0 : code;
}

/* One a line when the first line that is not blank is JSON by itself. */
static bool
is_lines(const GString *text)
{
	const char *p = text->str + strspn(text->str, " \t\r\n");
	const char *end = strchr(p, '\n');
	json_t *j;

	if (end == NULL || end[strspn(end, " \t\r\n")] == '\0')
		return false;
	j = json_loadb(p, (size_t)(end - p), 0, NULL);
	json_decref(j);
	return j != NULL;
}

static int
send_lines(const struct client *c, const char *file, const GString *text, struct tally *t)
{
	const char *p = text->str, *all = text->str + text->len;
	int line = 1, code = 0;

	for (; p < all && code == 0; line++) {
		const char *end = memchr(p, '\n', (size_t)(all - p));
		size_t len = (size_t)((end != NULL ? end : all) - p);

		if (strspn(p, " \t\r") < len) {
			char *place = g_strdup_printf("%s:%d", file, line);

			code = send_one(c, p, len, place, t);
			g_free(place);
		}
		p += len + 1;
	}
	return code;
}

static void
print(const struct tally *t)
{
	int all = t->new + t->seen + t->parked + t->refused;

	printf("%d event%s: %d new, %d seen before", all, all == 1 ? "" : "s", t->new,
	    t->seen);
	if (t->parked > 0)
		printf(", %d kept for 24 h until the customer is imported", t->parked);
	if (t->refused > 0)
		printf(", %d refused", t->refused);
	putchar('\n');
}

int
cmd_event(int argc, char **argv)
{
	struct client c = { 0 };
	const struct options_spec specs[] = { CLIENT_OPTIONS(c) };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 1 };
	struct tally t = { 0 };
	struct err e = { 0 };
	GString *text;
	int words = options_read(argc, argv, &o), code;

	if (words < 0)
		return -1 - words;
	text = input_file(argv[1], INPUT_FILE_MAX, &e);
	if (text == NULL)
		return options_fail(argv[0], &e);
	code = is_lines(text) ? send_lines(&c, argv[1], text, &t)
			      : send_one(&c, text->str, text->len, argv[1], &t);
	g_string_free(text, TRUE);
	if (t.new + t.seen + t.parked + t.refused > 0)
		print(&t);
	return code != 0 ? code : t.refused > 0;
}
