#include "rehearse_past.h"

#include <string.h>

#include <glib.h>

#include "core/words.h"
#include "store/past.h"

#define DATABASE "reachd.db"
#define ENOUGH 30

struct odds {
	char *playbook; /* "": all */
	int channel;
	struct past counts;
	struct habits_rates rates;
};

struct rehearse_past {
	GPtrArray *all; /* struct odds * */
	struct odds by_channel[CHANNELS];
};

static void
odds_free(gpointer p)
{
	g_free(((struct odds *)p)->playbook);
	g_free(p);
}

static void
add(struct odds *o, const struct past *p)
{
	double sent;

	o->counts.sent += p->sent;
	o->counts.opened += p->opened;
	o->counts.clicked += p->clicked;
	o->counts.replied += p->replied;
	o->counts.visited += p->visited;
	sent = (double)o->counts.sent;
	o->rates = (struct habits_rates){ (double)o->counts.opened / sent,
		(double)o->counts.clicked / sent, (double)o->counts.replied / sent,
		(double)o->counts.visited / sent };
}

static void
note(void *arg, const struct past *p)
{
	struct rehearse_past *past = arg;
	struct odds *o = g_new0(struct odds, 1);

	o->playbook = g_strdup(p->playbook);
	o->channel = p->channel;
	add(o, p);
	add(&past->by_channel[p->channel], p);
	g_ptr_array_add(past->all, o);
}

struct rehearse_past *
rehearse_past_load(const char *path, struct err *e)
{
	struct rehearse_past *p;
	char *file = g_file_test(path, G_FILE_TEST_IS_DIR)
			 ? g_build_filename(path, DATABASE, NULL)
			 : g_strdup(path);
	struct store *s = store_open(
	    &(struct store_options){ .path = file, .read_only = true, .sync = true }, e);

	if (s == NULL) {
		err_wrap(e, "%s", file);
		g_free(file);
		return NULL;
	}
	p = g_new0(struct rehearse_past, 1);
	p->all = g_ptr_array_new_with_free_func(odds_free);
	if (past_each(s, note, p, e) != 0) {
		err_wrap(e, "%s", file);
		rehearse_past_free(p);
		p = NULL;
	}
	store_close(s);
	g_free(file);
	return p;
}

void
rehearse_past_free(struct rehearse_past *p)
{
	if (p == NULL)
		return;
	g_ptr_array_unref(p->all);
	g_free(p);
}

const struct habits_rates *
rehearse_past_rates(const struct rehearse_past *p, const char *playbook, int channel)
{
	const struct odds *all = &p->by_channel[channel];

	for (guint i = 0; i < p->all->len; i++) {
		const struct odds *o = p->all->pdata[i];

		if (o->channel == channel && o->counts.sent >= ENOUGH &&
		    strcmp(o->playbook, playbook) == 0)
			return &o->rates;
	}
	return all->counts.sent >= ENOUGH ? &all->rates : NULL;
}

void
rehearse_past_print(const struct rehearse_past *p, bool json, FILE *out)
{
	for (guint i = 0; i < p->all->len; i++) {
		const struct odds *o = p->all->pdata[i];
		const struct past *c = &o->counts;

		if (json)
			fprintf(out,
			    "{\"type\":\"past\",\"playbook\":\"%s\",\"channel\":\"%s\","
			    "\"sent\":%" G_GINT64_FORMAT ",\"opened\":%" G_GINT64_FORMAT
			    ",\"clicked\":%" G_GINT64_FORMAT
			    ",\"replied\":%" G_GINT64_FORMAT
			    ",\"visited\":%" G_GINT64_FORMAT ",\"enough\":%s}\n",
			    o->playbook, channel_name(o->channel), c->sent, c->opened,
			    c->clicked, c->replied, c->visited,
			    c->sent >= ENOUGH ? "true" : "false");
		else
			fprintf(out,
			    "so far %s by %s: %" G_GINT64_FORMAT
			    " sent, opened %.1f %%, clicked %.1f %%, answered %.1f %%, "
			    "came %.1f %%%s\n",
			    o->playbook, channel_name(o->channel), c->sent,
			    100 * o->rates.open, 100 * o->rates.click,
			    100 * o->rates.reply, 100 * o->rates.visit,
			    c->sent >= ENOUGH ? "" : " (too few to go by)");
	}
	if (p->all->len == 0 && !json)
		fprintf(out, "nothing was sent so far: people react as in the field\n");
}
