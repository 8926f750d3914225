#include "rehearse_lines.h"

#include <string.h>

#include <glib.h>

#include "base/zone.h"
#include "core/message.h"
#include "core/reason.h"
#include "provider/quote.h"

#define BAR 40

/* How often a run has come to a step: the occurrence people count. */
struct visits {
	int occ, index;
};

struct rehearse_lines {
	FILE *out;
	bool json;
	const struct zone *zone;
	GChecksum *sum;
	GString *line;
	GHashTable *visits; /* "run step" -> struct visits */
	GHashTable *told;   /* messages whose hand-over was told */
	void (*listen)(void *arg, const char *line);
	void *arg;
	FILE *record; /* NULL: told at once */
	bool record_lines;
	struct house_part part;
	ms_t start;
	ms_t at; /* of the line at hand */
	struct rehearse_day day;
	int64_t goals, tasks;
	int days;
	double cost;
};

struct rehearse_lines *
rehearse_lines_new(FILE *out, bool json, const struct zone *zone)
{
	struct rehearse_lines *l = g_new0(struct rehearse_lines, 1);

	l->out = out;
	l->json = json;
	l->zone = zone;
	l->sum = g_checksum_new(G_CHECKSUM_SHA256);
	l->line = g_string_sized_new(1024);
	l->visits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	l->told = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	return l;
}

void
rehearse_lines_listen(
    struct rehearse_lines *l, void (*listen)(void *arg, const char *line), void *arg)
{
	l->listen = listen;
	l->arg = arg;
}

void
rehearse_lines_record(
    struct rehearse_lines *l, FILE *f, bool lines, struct house_part part, ms_t start)
{
	l->record = f;
	l->record_lines = lines;
	l->part = part;
	l->start = start;
}

bool
rehearse_lines_wanted(const struct rehearse_lines *l)
{
	return l->record != NULL ? l->record_lines : l->json || l->listen != NULL;
}

void
rehearse_lines_free(struct rehearse_lines *l)
{
	g_checksum_free(l->sum);
	g_string_free(l->line, TRUE);
	g_hash_table_unref(l->visits);
	g_hash_table_unref(l->told);
	g_free(l);
}

/* ---- writing ---- */

static void
put_line(struct rehearse_lines *l)
{
	if (l->record != NULL) {
		record_write(l->record, RECORD_LINE, l->at, l->line->str, l->line->len);
		g_string_truncate(l->line, 0);
		return;
	}
	g_string_append_c(l->line, '\n');
	g_checksum_update(l->sum, (const guchar *)l->line->str, (gssize)l->line->len);
	if (l->listen != NULL)
		l->listen(l->arg, l->line->str);
	else if (l->json)
		fwrite(l->line->str, 1, l->line->len, l->out);
	g_string_truncate(l->line, 0);
}

static void
text(struct rehearse_lines *l, const char *name, const char *value)
{
	g_string_append_printf(l->line, ",\"%s\":", name);
	quote_json(l->line, value);
}

static void
number(struct rehearse_lines *l, const char *name, int64_t value)
{
	g_string_append_printf(l->line, ",\"%s\":%" G_GINT64_FORMAT, name, value);
}

static void
money(struct rehearse_lines *l, const char *name, double value)
{
	char buf[48];

	g_ascii_formatd(buf, sizeof(buf), "%.3f", value);
	g_string_append_printf(l->line, ",\"%s\":%s", name, buf);
}

static void
instant(struct rehearse_lines *l, const char *name, ms_t at)
{
	char buf[CLOCK_TEXT];

	if (at == 0 || at == MS_NEVER)
		g_string_append_printf(l->line, ",\"%s\":null", name);
	else
		text(l, name, clock_format(at, zone_offset(l->zone, at) / 60, buf));
}

static void
begin(struct rehearse_lines *l, const char *type)
{
	g_string_append_printf(l->line, "{\"type\":\"%s\"", type);
}

void
rehearse_lines_effect(struct rehearse_lines *l, const char *json, const char *text)
{
	g_string_append(l->line, json);
	put_line(l);
	if (!l->json)
		fprintf(l->out, "%s\n", text);
}

void
rehearse_lines_again(struct rehearse_lines *l, const char *line, size_t len)
{
	g_string_append_len(l->line, line, (gssize)len);
	put_line(l);
}

void
rehearse_lines_parts(struct rehearse_lines *l, int parts, int64_t customers)
{
	begin(l, "parts");
	number(l, "parts", parts);
	number(l, "customers", customers);
	text(l, "shared_limits", "divided");
	text(l, "tests_and_ramps", "judged in each part");
	g_string_append_c(l->line, '}');
	put_line(l);
	if (!l->json)
		fprintf(l->out,
		    "%" G_GINT64_FORMAT
		    " customers, played in %d parts: of every limit that all "
		    "share a part has its share, A/B tests and the stops of a ramp are "
		    "judged in each part (--part)\n",
		    customers, parts);
}

/* ---- facts ---- */

/* By its id, in parts by one that no other part has. */
static int64_t
run_number(const struct rehearse_lines *l, int64_t run)
{
	return l->part.of <= 1 ? run
			       : (run - (l->start << 20)) * l->part.of + l->part.nth;
}

static int
occurrence(struct rehearse_lines *l, const struct engine_touch *t)
{
	char *key = g_strdup_printf("%" G_GINT64_FORMAT " %s", t->run, t->step);
	struct visits *v = g_hash_table_lookup(l->visits, key);

	if (v == NULL) {
		v = g_new0(struct visits, 1);
		v->occ = t->occ;
		g_hash_table_insert(l->visits, key, v);
		return 0;
	}
	g_free(key);
	if (t->occ > v->occ) {
		v->occ = t->occ;
		v->index++;
	}
	return v->index;
}

static void
head(struct rehearse_lines *l, const struct engine_touch *t)
{
	instant(l, "at", t->at);
	text(l, "customer", t->customer);
	text(l, "playbook", t->playbook);
	number(l, "run", run_number(l, t->run));
	text(l, "step", t->step);
	number(l, "occurrence", occurrence(l, t));
}

static void
nonmessage(struct rehearse_lines *l, const struct engine_touch *t)
{
	begin(l, "nonmessage");
	head(l, t);
	text(l, "channel", channel_name(t->channel));
	text(l, "reason", reason_name(t->reason));
	text(l, "rule", t->rule);
	text(l, "file", t->file);
	number(l, "line", t->line);
	text(l, "detail", t->detail);
	instant(l, "next", t->next);
	g_string_append(
	    l->line, t->state == MSG_DUE ? ",\"final\":false}" : ",\"final\":true}");
	put_line(l);
}

static void
message(struct rehearse_lines *l, const struct engine_touch *t)
{
	begin(l, "message");
	head(l, t);
	text(l, "channel", channel_name(t->channel));
	text(l, "template", t->template_);
	text(l, "variant", t->variant);
	text(l, "text", t->text);
	number(l, "segments", t->segments);
	money(l, "cost", t->cost);
	text(l, "state", fsm_name(&message_fsm, t->state));
	g_string_append_c(l->line, '}');
	put_line(l);
}

/* A call or a draft was told when it was put on somebody's list; what it costs, it costs when it
 * is made. */
static void
call_ended(struct rehearse_lines *l, const struct engine_touch *t, enum column col)
{
	if (col == COLUMN_SENT) {
		l->day.sent[t->channel]++;
		l->day.cost += t->cost;
	} else
		l->day.failed++;
}

void
rehearse_lines_touch(struct rehearse_lines *l, const struct engine_touch *t)
{
	enum column col = message_column(t->state, t->reason, 1);

	l->at = t->at;
	if (t->state == MSG_DUE || t->state == MSG_SUPPRESSED) {
		if (rehearse_lines_wanted(l))
			nonmessage(l, t);
		l->day.capped += t->state == MSG_SUPPRESSED && col == COLUMN_CAPPED;
		l->day.opted_out += t->state == MSG_SUPPRESSED && col == COLUMN_OPTED_OUT;
		l->day.failed += t->state == MSG_SUPPRESSED && col == COLUMN_FAILED;
		return;
	}
	/* It may go by another channel now, and that is told. */
	if (t->state == MSG_LAPSED)
		g_hash_table_remove(l->told, &t->msg);
	if (t->by_person && t->state != MSG_AWAITING) {
		call_ended(l, t, col);
		return;
	}
	/* Receipts raise a state later; the hand-over is told once. */
	if (!g_hash_table_add(l->told, g_memdup2(&t->msg, sizeof(t->msg))))
		return;
	if (rehearse_lines_wanted(l))
		message(l, t);
	if (col == COLUMN_SENT) {
		l->day.sent[t->channel]++;
		l->day.cost += t->cost;
	} else if (col != COLUMN_AWAITING)
		l->day.failed++;
}

void
rehearse_lines_reply(struct rehearse_lines *l, bool opt_out)
{
	l->day.replies += !opt_out;
	l->day.opt_outs += opt_out;
}

/* ---- days ---- */

static int
sum(const struct rehearse_day *d)
{
	int n = 0;

	for (int c = 0; c < CHANNELS; c++)
		n += d->sent[c];
	return n;
}

static void
day_json(struct rehearse_lines *l, const char *date)
{
	const struct rehearse_day *d = &l->day;

	begin(l, "day");
	text(l, "date", date);
	g_string_append(l->line, ",\"sent\":{");
	for (int c = 0; c < CHANNELS; c++)
		g_string_append_printf(l->line, "%s\"%s\":%d", c > 0 ? "," : "",
		    channel_name(c), d->sent[c]);
	g_string_append_c(l->line, '}');
	number(l, "tasks", d->tasks);
	number(l, "held", d->held);
	number(l, "capped", d->capped);
	number(l, "opted_out", d->opted_out);
	number(l, "failed", d->failed);
	number(l, "replies", d->replies);
	number(l, "opt_outs", d->opt_outs);
	number(l, "goals", d->goals);
	money(l, "cost", d->cost);
	g_string_append_c(l->line, '}');
	put_line(l);
}

static void
day_table(struct rehearse_lines *l, const char *date)
{
	const struct rehearse_day *d = &l->day;
	int n = sum(d), stars = MIN(BAR, (n + 4) / 5);
	char bar[BAR + 1];

	if (l->days == 0)
		fprintf(l->out, "%-10s %5s %5s %5s %5s %5s %5s %5s %5s %6s %5s %5s %8s\n",
		    "day", "sms", "wecom", "email", "push", "phone", "tasks", "held",
		    "cap", "reply", "stop", "goal", "yuan");
	memset(bar, '#', (size_t)stars);
	bar[stars] = '\0';
	fprintf(l->out, "%-10s %5d %5d %5d %5d %5d %5d %5d %5d %6d %5d %5d %8.2f %s\n",
	    date, d->sent[CHANNEL_SMS], d->sent[CHANNEL_WECOM], d->sent[CHANNEL_EMAIL],
	    d->sent[CHANNEL_PUSH], d->sent[CHANNEL_PHONE], d->tasks, d->held, d->capped,
	    d->replies, d->opt_outs, d->goals, d->cost, bar);
}

static void
put_day(struct rehearse_lines *l)
{
	struct local local;
	char date[16];

	zone_local(l->zone, l->day.start, &local);
	g_snprintf(date, sizeof(date), "%04d-%02d-%02d", local.date.year % 10000,
	    local.date.month, local.date.day);
	l->cost += l->day.cost;
	day_json(l, date);
	if (!l->json)
		day_table(l, date);
	l->days++;
}

void
rehearse_lines_day(struct rehearse_lines *l, ms_t start, const struct balance *b)
{
	l->day.held = (int)b->columns[COLUMN_HELD];
	l->day.goals = (int)(b->goals - l->goals);
	l->day.tasks = (int)(b->tasks - l->tasks);
	l->tasks = b->tasks;
	l->goals = b->goals;
	l->day.start = start;
	if (l->record != NULL)
		record_write(l->record, RECORD_DAY, start, &l->day, sizeof(l->day));
	else
		put_day(l);
	l->day = (struct rehearse_day){ 0 };
}

void
rehearse_lines_day_again(struct rehearse_lines *l, const struct rehearse_day *sum)
{
	l->day = *sum;
	put_day(l);
	l->day = (struct rehearse_day){ 0 };
}

/* ---- the end ---- */

static void
balance_table(struct rehearse_lines *l, const struct balance *b, bool balanced)
{
	fprintf(l->out, "\n%" G_GINT64_FORMAT " touches:", b->touches);
	for (int i = 0; i < COLUMNS; i++)
		if (b->columns[i] > 0)
			fprintf(l->out, " %s %" G_GINT64_FORMAT, column_name(i),
			    b->columns[i]);
	fprintf(l->out,
	    "\n%" G_GINT64_FORMAT " runs: running %" G_GINT64_FORMAT
	    " watching %" G_GINT64_FORMAT " finished %" G_GINT64_FORMAT
	    " left %" G_GINT64_FORMAT " control %" G_GINT64_FORMAT
	    "; goals %" G_GINT64_FORMAT "\n%.2f yuan; it %s\n",
	    b->runs, b->running, b->watching, b->finished, b->left, b->control, b->goals,
	    l->cost, balanced ? "balances" : "DOES NOT BALANCE");
}

void
rehearse_lines_balance(struct rehearse_lines *l, const struct balance *b, bool balanced)
{
	const char *hash = g_checksum_get_string(l->sum);

	begin(l, "balance");
	number(l, "touches", b->touches);
	for (int i = 0; i < COLUMNS; i++)
		number(l, column_name(i), b->columns[i]);
	g_string_append_printf(l->line,
	    ",\"runs\":{\"entered\":%" G_GINT64_FORMAT ",\"running\":%" G_GINT64_FORMAT
	    ",\"watching\":%" G_GINT64_FORMAT ",\"finished\":%" G_GINT64_FORMAT
	    ",\"left\":%" G_GINT64_FORMAT ",\"control\":%" G_GINT64_FORMAT "}",
	    b->runs, b->running, b->watching, b->finished, b->left, b->control);
	number(l, "goals", b->goals);
	money(l, "cost", l->cost);
	g_string_append(l->line, balanced ? ",\"balanced\":true" : ",\"balanced\":false");
	text(l, "hash", hash);
	g_string_append(l->line, "}\n");
	if (l->json)
		fwrite(l->line->str, 1, l->line->len, l->out);
	else
		balance_table(l, b, balanced);
}
