/* What an import did, or would do, for the one who sent the file. */
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "import_kind.h"

/* Fields whose values nobody else needs to read. */
static bool
is_personal(const char *field)
{
	static const char *const personal[] = { "name", "phone", "sms", "email", "wecom",
		"push", "plate", "vin", "birthday", "owner", "attributes", NULL };

	return g_strv_contains(personal, field);
}

/* "2026-08-25 10:00"; "" for none. */
static char *
instant(const struct work *w, ms_t at)
{
	struct local l;

	if (at == 0)
		return g_strdup("");
	zone_local(w->cat->config->entity.zone, at, &l);
	return g_strdup_printf("%04d-%02d-%02d %02d:%02d", l.date.year, l.date.month,
	    l.date.day, l.minute / 60, l.minute % 60);
}

/* Instants, days and fen as people write them; NULL: as it is. */
static char *
as_written(const struct work *w, const char *field, const json_t *v)
{
	static const char *const moments[] = { "at", "last_visit_at", NULL },
				 *const money[] = { "amount", "spend_12m", NULL },
				 *const days[] = { "first_visit", "last_visit", "bought",
					 "mileage_on", "last_service", "warranty_end",
					 "inspection_due", "insurance_end", "away_from",
					 "away_to", "left_on", NULL };
	int64_t n = json_integer_value(v);
	struct date d;

	if (!json_is_integer(v))
		return NULL;
	if (g_strv_contains(moments, field))
		return instant(w, n);
	if (g_strv_contains(money, field))
		return g_strdup_printf("%.2f", (double)n / 100);
	if (!g_strv_contains(days, field))
		return NULL;
	d = date_from_days(n);
	return g_strdup_printf("%04d-%02d-%02d", d.year, d.month, d.day);
}

static void
shown(GString *out, const struct work *w, const char *field, const json_t *v)
{
	char *plain = as_written(w, field, v);
	char *text = plain != NULL       ? plain
		     : json_is_string(v) ? g_strdup(json_string_value(v))
		     : json_is_null(v) || v == NULL
			 ? g_strdup("")
			 : json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
	char masked[64];

	if (*text == '\0')
		g_string_append(out, "nothing");
	else if (is_personal(field))
		g_string_append(out, text_mask(text, masked, sizeof(masked)));
	else
		g_string_append(out, text_cut(text, 40));
	free(text);
}

/* What tells a row again has its parts set apart by a character nobody reads, and may have
 * an instant among them. */
char *
import_key_text(const struct work *w, const char *key)
{
	char **parts = g_strsplit(key, "\x1f", -1), *text;

	for (int i = 0; parts[1] != NULL && parts[i] != NULL; i++)
		if (strlen(parts[i]) == 13 && strspn(parts[i], "0123456789") == 13) {
			text = instant(w, g_ascii_strtoll(parts[i], NULL, 10));
			g_free(parts[i]);
			parts[i] = text;
		}
	text = g_strjoinv(" ", parts);
	g_strfreev(parts);
	return text;
}

void
import_example(struct import *im, const struct work *w, const char *key,
    const char *before, const char *after)
{
	char *name;
	json_t *was, *is, *v;
	const char *field;
	int n = 0;

	if (im->n_examples >= IMPORT_EXAMPLES * (before == NULL ? 1 : 2))
		return;
	im->n_examples++;
	name = import_key_text(w, key);
	g_string_append_printf(im->examples, "  %s ", name);
	g_free(name);
	if (before == NULL) {
		g_string_append(im->examples, "is new\n");
		return;
	}
	was = json_loads(before, 0, NULL);
	is = json_loads(after, 0, NULL);
	json_object_foreach(is, field, v)
	{
		const json_t *old = json_object_get(was, field);

		if (json_equal(old, v))
			continue;
		g_string_append_printf(im->examples, "%s%s ", n++ > 0 ? "; " : "", field);
		shown(im->examples, w, field, old);
		g_string_append(im->examples, " -> ");
		shown(im->examples, w, field, v);
	}
	g_string_append_c(im->examples, '\n');
	json_decref(was);
	json_decref(is);
}

static void
columns(const struct import *im, GString *out)
{
	const struct columns *c = im->kind->columns(im->reader);
	const char *untold =
	    im->kind->untold == NULL ? NULL : im->kind->untold(im->reader, im->arena);

	g_string_append(out, "columns:\n");
	for (int i = 0; i < table_columns(c->table); i++)
		g_string_append_printf(
		    out, "  %s = %s\n", table_heading(c->table, i), columns_name(c, i));
	if (untold != NULL && *untold != '\0')
		g_string_append_printf(
		    out, "no column for: %s; what is on file stays\n", untold);
}

static void
consents(const struct import *im, GString *out)
{
	if (im->consents[0] + im->consents[1] + im->consents[2] == 0)
		return;
	if (*im->how.basis != '\0')
		g_string_append_printf(out, "consent, basis %s: ", im->how.basis);
	else
		g_string_append(out, "consent: ");
	g_string_append_printf(out,
	    "marketing may reach %" G_GINT64_FORMAT ", service %" G_GINT64_FORMAT
	    " more, nothing %" G_GINT64_FORMAT "\n",
	    im->consents[CONSENT_MARKETING], im->consents[CONSENT_SERVICE],
	    im->consents[CONSENT_NONE]);
	for (int c = 0; c < CHANNELS; c++)
		if (im->by_channel[c] > 0)
			g_string_append_printf(out,
			    "  marketing by %s: %" G_GINT64_FORMAT "\n", channel_name(c),
			    im->by_channel[c]);
}

/* Rows that told nothing new, of what no other row of the file tells. */
static int64_t
unchanged(const struct import *im)
{
	return MAX(im->done - im->created - im->changed - im->repeated, (int64_t)0);
}

static void
text(const struct import *im, GString *out)
{
	if (im->how.dry_run)
		g_string_append(out, "dry run: nothing was changed\n");
	rows_report_text(&im->report, columns_format(im->kind->columns(im->reader)), out);
	if (im->kind->image != NULL)
		g_string_append_printf(out,
		    "%" G_GINT64_FORMAT " new, %" G_GINT64_FORMAT
		    " changed, %" G_GINT64_FORMAT " unchanged\n",
		    im->created, im->changed, unchanged(im));
	if (im->repeated > 0)
		g_string_append_printf(out,
		    "%" G_GINT64_FORMAT
		    " repeated in the file: the last row of each counts\n",
		    im->repeated);
	consents(im, out);
	if (im->how.dry_run) {
		columns(im, out);
		if (im->examples->len > 0)
			g_string_append_printf(out, "examples:\n%s", im->examples->str);
		return;
	}
	if (im->kind->image != NULL && im->created + im->changed > 0)
		g_string_append_printf(out,
		    "batch %" G_GINT64_FORMAT ": `reachd import undo %" G_GINT64_FORMAT
		    "` takes it back\n",
		    im->batch, im->batch);
}

char *
import_report(const struct import *im)
{
	GString *s = g_string_new(NULL);
	json_t *j;
	char *out, *copy;

	text(im, s);
	j = json_pack("{ss sI sI sI sI sI sI sI sI sI sb}", "report", s->str, "rows",
	    im->rows, "imported", im->done, "new", im->created, "changed", im->changed,
	    "unchanged", unchanged(im), "repeated", im->repeated, "refused",
	    im->report.count[ROW_REFUSED], "set_aside", im->report.count[ROW_ASIDE],
	    "batch", im->batch, "dry_run", im->how.dry_run);
	out = json_dumps(j, JSON_COMPACT);
	copy = g_strdup(out);
	free(out);
	json_decref(j);
	g_string_free(s, TRUE);
	return copy;
}
