/* tier.c - tiers of customers: floor, cap, channels. */
#include <stdlib.h>
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define CAP_MAX 1000

/* N, or N/year. */
static void
cap_read(const struct yaml *y, struct tier *t, struct report *r)
{
	struct yaml number;
	char *digits;
	int64_t n;

	if (y == NULL)
		return;
	number = *y;
	digits = g_strdup(y->text);
	if (g_str_has_suffix(digits, "/year")) {
		t->period = CAP_YEAR;
		digits[strlen(digits) - strlen("/year")] = '\0';
	}
	number.text = digits;
	number.len = strlen(digits);
	if (yaml_int(&number, 0, CAP_MAX, &n, r))
		t->cap = (int)n;
	g_free(digits);
}

static void
channels_read(struct arena *a, const struct yaml *y, struct tier *t, struct report *r)
{
	const char **names;
	int n, i, c;
	unsigned seen = 0;

	if (!yaml_strings(a, y, &names, &n, r))
		return;
	for (i = 0; i < n; i++) {
		const struct yaml *item = y->kind == YAML_LIST ? y->items[i] : y;

		if (!yaml_enum(item, channel_names, &c, r))
			continue;
		if (seen & BIT(c)) {
			report_add(r, SEV_ERROR, item->at, "duplicate",
			    "delete one of them", "\"%s\" is named twice", item->text);
			continue;
		}
		seen |= BIT(c);
		t->channels[t->n_channels++] = (enum channel)c;
	}
}

static void
tier_read(struct arena *a, const struct yaml *y, struct tier *t, struct report *r)
{
	int64_t n;
	int i;

	if (!schema_check(y, &schema_tier, r))
		return;
	if (yaml_int(yaml_get(y, "floor"), 0, CAP_MAX, &n, r))
		t->floor = (int)n;
	cap_read(yaml_get(y, "cap"), t, r);
	yaml_duration(yaml_get(y, "min_gap"), &t->min_gap, r);
	channels_read(a, yaml_get(y, "channels"), t, r);
	word_set(yaml_get(y, "never"), channel_names, &t->never, r);
	if (t->cap >= 0 && t->period == CAP_MONTH && t->floor > t->cap)
		report_add(r, SEV_ERROR, yaml_get(y, "floor")->at, "tier", "",
		    "the floor of tier \"%s\" (%d) is above its cap (%d)", t->name,
		    t->floor, t->cap);
	for (i = 0; i < t->n_channels; i++) {
		if (t->never & BIT(t->channels[i]))
			report_add(r, SEV_ERROR, yaml_get(y, "never")->at, "tier",
			    "take it out of one of the lists",
			    "tier \"%s\" prefers %s and must never get it", t->name,
			    channel_name((int)t->channels[i]));
	}
}

/* Touches a year, so that both periods compare; no cap is above all. */
static int
yearly(const struct tier *t)
{
	return t->cap < 0 ? INT32_MAX : t->period == CAP_YEAR ? t->cap : 12 * t->cap;
}

void
tier_read_all(struct arena *a, const struct yaml *y, struct policy *out, struct report *r)
{
	int i;

	if (y->kind != YAML_MAP || y->n == 0) {
		report_add(r, SEV_ERROR, y->at, "type",
		    "write a line for each, as in low: { floor: 2, cap: 3, channels: "
		    "[sms] }",
		    "\"tiers\" is a mapping of names");
		return;
	}
	out->tiers = arena_array(a, struct tier, y->n);
	for (i = 0; i < y->n; i++) {
		struct tier *t = &out->tiers[out->n_tiers++];

		y->read[i] = true;
		t->name = "";
		t->at = y->items[i]->at;
		t->cap = -1;
		word_read(y->keys[i], "a tier", false, &t->name, r);
		tier_read(a, y->items[i], t, r);
		if (out->default_tier == NULL || yearly(t) < yearly(out->default_tier))
			out->default_tier = t;
	}
}
