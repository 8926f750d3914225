/* sandbox_options.c - reading flags, and saying what they are. */
#include "sandbox_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

const char sandbox_options_help[] =
    "usage: reachd sandbox --listen ADDR --ledger FILE [options]\n"
    "\n"
    "Stands in for every gateway, and for the people behind it. Takes messages from\n"
    "providers of `type: sandbox` (and POST /send, as a plain gateway of `type: http`),\n"
    "writes each one to the ledger before it answers, then lets people open, click,\n"
    "answer, complain and visit. No message leaves this machine.\n"
    "\n"
    "  --listen HOST:PORT  where to listen; port 0 takes a free one and prints it\n"
    "  --ledger FILE       JSON lines, one an accepted message, appended and fsynced\n"
    "  --seed N            of the people and the faults (1)\n"
    "  --people none       take messages, send no receipts, let nobody react\n"
    "  --faults FILE       misbehave; see below\n"
    "  --epoch T           start the people's clock at T, as 2026-11-22T08:00:00+08:00\n"
    "  --speed N           let it run N times as fast as the real one (1)\n"
    "  --anchor MS         T is now at this instant of CLOCK_BOOTTIME, in milliseconds;\n"
    "                      without it the clock is set by the first request\n"
    "  --callback URL      webhook of requests that name none; with --config what stands\n"
    "                      before /hooks/\n"
    "  --config FILE       a reachd.yaml: speaks the dialect of each of its accounts at\n"
    "                      /TYPE/ACCOUNT, checks their keys and signs their webhooks\n"
    "  --smtp HOST:PORT    also take mail there, from accounts of `type: smtp`\n"
    "  --api URL           what stands before /v1/events; default: the webhook's own "
    "host\n"
    "  --token-file FILE   API token with which visits are posted\n"
    "  --key-ttl D         life of an idempotency key, as 24h\n"
    "  --window D          refuse requests signed longer ago, as 1m\n"
    "  --help\n"
    "\n";

enum {
	OPT_LISTEN = 1,
	OPT_LEDGER,
	OPT_SEED,
	OPT_PEOPLE,
	OPT_FAULTS,
	OPT_EPOCH,
	OPT_SPEED,
	OPT_ANCHOR,
	OPT_CALLBACK,
	OPT_CONFIG,
	OPT_SMTP,
	OPT_API,
	OPT_TOKEN,
	OPT_TTL,
	OPT_WINDOW,
	OPT_HELP
};

static const struct option flags[] = {
	{ "listen", required_argument, NULL, OPT_LISTEN },
	{ "ledger", required_argument, NULL, OPT_LEDGER },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "people", required_argument, NULL, OPT_PEOPLE },
	{ "faults", required_argument, NULL, OPT_FAULTS },
	{ "epoch", required_argument, NULL, OPT_EPOCH },
	{ "speed", required_argument, NULL, OPT_SPEED },
	{ "anchor", required_argument, NULL, OPT_ANCHOR },
	{ "callback", required_argument, NULL, OPT_CALLBACK },
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "smtp", required_argument, NULL, OPT_SMTP },
	{ "api", required_argument, NULL, OPT_API },
	{ "token-file", required_argument, NULL, OPT_TOKEN },
	{ "key-ttl", required_argument, NULL, OPT_TTL },
	{ "window", required_argument, NULL, OPT_WINDOW },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

/* What has to be put together after all flags are read. */
struct raw {
	bool epoch, anchor, window;
};

static int
wrong(struct err *e, const char *flag, const char *want)
{
	return err_set(e, ERR_USAGE, "--%s: write %s", flag, want);
}

static int
read_whole(const char *text, uint64_t *out)
{
	char *end;
	errno = 0;
	unsigned long long n = strtoull(text, &end, 0);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0)
		return -1;
	*out = n;
	return 0;
}

static int
read_token(struct sandbox_options *o, const char *path, struct err *e)
{
	if (!g_file_get_contents(path, &o->token, NULL, NULL))
		return err_set(e, ERR_IO, "read the token file %s", path);
	g_strstrip(o->token);
	return 0;
}

static int
read_url(const char *flag, const char *value, const char **out, struct err *e)
{
	if (!g_str_has_prefix(value, "http://") && !g_str_has_prefix(value, "https://"))
		return wrong(e, flag, "an address, as http://127.0.0.1:8080");
	*out = value;
	return 0;
}

static int
read_clock_flag(struct sandbox_options *o, struct raw *raw, int flag, const char *value,
    struct err *e)
{
	uint64_t n;
	switch (flag) {
	case OPT_EPOCH:
		raw->epoch = true;
		if (clock_parse(value, &o->clock.epoch) != 0)
			return wrong(e, "epoch", "a time, as 2026-11-22T08:00:00+08:00");
		return 0;
	case OPT_SPEED:
		o->clock.speed = g_ascii_strtod(value, NULL);
		if (!(o->clock.speed > 0 && o->clock.speed <= 1e6))
			return wrong(e, "speed", "a number above 0, at most 1000000");
		return 0;
	default:
		raw->anchor = true;
		if (read_whole(value, &n) != 0 || n > INT64_MAX)
			return wrong(e, "anchor", "milliseconds of CLOCK_BOOTTIME");
		o->clock.anchor = (ms_t)n;
		return 0;
	}
}

static int
read_flag(
    struct sandbox_options *o, struct raw *raw, int flag, char *value, struct err *e)
{
	switch (flag) {
	case OPT_LISTEN:
		o->listen = value;
		return 0;
	case OPT_LEDGER:
		o->ledger = value;
		return 0;
	case OPT_FAULTS:
		o->faults = value;
		return 0;
	case OPT_SEED:
		return read_whole(value, &o->seed) == 0
			   ? 0
			   : wrong(e, "seed", "a whole number");
	case OPT_PEOPLE:
		o->people = strcmp(value, "none") != 0;
		return !o->people || strcmp(value, "some") == 0
			   ? 0
			   : wrong(e, "people", "none or some");
	case OPT_CALLBACK:
		return read_url("callback", value, &o->callback, e);
	case OPT_CONFIG:
		o->config = value;
		return 0;
	case OPT_SMTP:
		o->smtp = value;
		return 0;
	case OPT_API:
		return read_url("api", value, &o->api, e);
	case OPT_TOKEN:
		return read_token(o, value, e);
	case OPT_TTL:
		return clock_duration(value, &o->key_ttl) == 0
			   ? 0
			   : wrong(e, "key-ttl", "a duration, as 24h");
	case OPT_WINDOW:
		raw->window = true;
		return clock_duration(value, &o->window) == 0
			   ? 0
			   : wrong(e, "window", "a duration, as 1m");
	case OPT_HELP:
		o->help = true;
		return 0;
	default:
		return read_clock_flag(o, raw, flag, value, e);
	}
}

static int
complete(struct sandbox_options *o, const struct raw *raw, struct err *e)
{
	if (o->listen == NULL || o->ledger == NULL)
		return err_set(e, ERR_USAGE, "give --listen HOST:PORT and --ledger FILE");
	if (raw->anchor && !raw->epoch)
		return err_set(
		    e, ERR_USAGE, "--anchor needs --epoch: what time it was then");
	if (!raw->epoch)
		o->clock.epoch = sandbox_clock_real();
	if (!raw->anchor)
		o->clock.anchor = sandbox_clock_boot();
	o->clock.agreed = raw->anchor || (!raw->epoch && o->clock.speed == 1);
	/* The age of a request can only be told by a clock that is the sender's too. */
	if (!raw->window)
		o->window = o->clock.agreed ? MS_MINUTE : 0;
	return 0;
}

int
sandbox_options_read(struct sandbox_options *o, int argc, char **argv, struct err *e)
{
	struct raw raw = { 0 };
	*o = (struct sandbox_options){ .seed = 1,
		.people = true,
		.key_ttl = 24 * MS_HOUR,
		.clock = { .speed = 1 } };
	optind = 0;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":", flags, NULL)) != -1;) {
		const char *given = optind > 0 ? argv[optind - 1] : "";
		if (c == '?' || c == ':')
			return err_set(e, ERR_USAGE,
			    c == ':' ? "%s needs a value" : "unknown option %s", given);
		if (read_flag(o, &raw, c, optarg, e) != 0)
			return -1;
	}
	if (o->help)
		return 0;
	if (optind < argc)
		return err_set(e, ERR_USAGE, "unexpected \"%s\"", argv[optind]);
	return complete(o, &raw, e);
}

void
sandbox_options_clear(struct sandbox_options *o)
{
	g_free(o->token);
}
