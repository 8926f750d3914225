/* event_data.c - what reachd itself reads in the data of an event, and what it may be; the
 * rest of the data is the sender's own. One line of the table a field. */
#include <math.h>
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "base/report.h"
#include "core/message.h"
#include "core/profile.h"
#include "event_data.h"
#include "spec/event.h"

static int
amount(const json_t *v, const char *name, struct err *e)
{
	if (json_is_number(v) && json_number_value(v) >= 0 && json_number_value(v) < 1e9)
		return 0;
	return err_set(
	    e, ERR_INPUT, "/data/%s: must be a number of yuan, 0 or more", name);
}

static int
count(const json_t *v, const char *name, struct err *e)
{
	if (json_is_integer(v) && json_integer_value(v) >= 0 &&
	    json_integer_value(v) <= 10000)
		return 0;
	return err_set(e, ERR_INPUT, "/data/%s: must be a whole number, 0 or more", name);
}

static int
score(const json_t *v, const char *name, struct err *e)
{
	if (json_is_number(v) && json_number_value(v) >= 0)
		return 0;
	return err_set(e, ERR_INPUT, "/data/%s: must be a number, 0 or more", name);
}

static int
scale(const json_t *v, const char *name, struct err *e)
{
	if (json_is_number(v) && json_number_value(v) > 0 && json_number_value(v) <= 1000)
		return 0;
	return err_set(e, ERR_INPUT,
	    "/data/%s: must be the highest score there is, as in 5 or 10", name);
}

/* words: ends with NULL. */
static int
one_of(const json_t *v, const char *name, const char *const *words, struct err *e)
{
	const char *word = json_string_value(v), *near;
	char *all;
	int rc;

	if (word != NULL && g_strv_contains(words, word))
		return 0;
	all = g_strjoinv(", ", (char **)(uintptr_t)words);
	near = word == NULL ? NULL : report_nearest(word, words);
	rc = near != NULL
		 ? err_set(e, ERR_INPUT, "/data/%s: did you mean \"%s\"? One of %s", name,
		       near, all)
		 : err_set(e, ERR_INPUT, "/data/%s: must be one of %s", name, all);
	g_free(all);
	return rc;
}

static int
observed(const json_t *v, const char *name, struct err *e)
{
	if (!json_is_array(v))
		return one_of(v, name, profile_observations, e);
	for (size_t i = 0; i < json_array_size(v); i++)
		if (one_of(json_array_get(v, i), name, profile_observations, e) != 0)
			return -1;
	return 0;
}

static int
consent(const json_t *v, const char *name, struct err *e)
{
	static const char *const levels[] = { "marketing", "service", NULL };

	return one_of(v, name, levels, e);
}

static int
channel(const json_t *v, const char *name, struct err *e)
{
	const char *words[CHANNELS + 1] = { NULL };

	for (int i = 0; i < CHANNELS; i++)
		words[i] = channel_name(i);
	return one_of(v, name, words, e);
}

static const struct {
	const char *type, *name;
	int (*check)(const json_t *v, const char *name, struct err *e);
} fields[] = {
	{ "visit", "amount", amount },
	{ "visit", "recommended", count },
	{ "visit", "accepted", count },
	{ "order", "amount", amount },
	{ "order", "recommended", count },
	{ "order", "accepted", count },
	{ "rating", "score", score },
	{ "rating", "scale", scale },
	{ "observation", "what", observed },
	{ "consent_given", "value", consent },
	{ "consent_given", "channel", channel },
};

/* A score above its own scale is a score of another scale. */
static int
fits(const json_t *data, struct err *e)
{
	const json_t *of = json_object_get(data, "scale");
	const json_t *n = json_object_get(data, "score");

	if (n == NULL || of == NULL || json_number_value(n) <= json_number_value(of))
		return 0;
	return err_set(e, ERR_INPUT, "/data/score: is above /data/scale");
}

int
event_data_check(const char *type, const json_t *data, struct err *e)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		const json_t *v;

		if (strcmp(fields[i].type, type) != 0)
			continue;
		v = json_object_get(data, fields[i].name);
		if (v != NULL && !json_is_null(v) &&
		    fields[i].check(v, fields[i].name, e) != 0)
			return -1;
	}
	return strcmp(type, "rating") == 0 ? fits(data, e) : 0;
}

int
event_scale_check(const struct event_in *in, double scale, struct err *e)
{
	json_t *data = json_loads(in->data, 0, NULL);
	const json_t *n = json_object_get(data, "score"), *ask = json_object_get(data, "question");
	double top = g_strcmp0(json_string_value(ask), "nps") == 0 ? 10 : scale;
	bool above = strcmp(in->type, "rating") == 0 && json_object_get(data, "scale") == NULL &&
		     json_is_number(n) && json_number_value(n) > top;

	json_decref(data);
	if (!above)
		return 0;
	return err_set(e, ERR_INPUT,
	    "/data/score: is above %g, the scale of the house; send its own as \"scale\"", top);
}
