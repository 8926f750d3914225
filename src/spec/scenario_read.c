/* scenario_read.c - a scenario's head, and its parts handed to their readers. */
#include <stdlib.h>
#include <string.h>

#include "scenario_read.h"
#include "source.h"
#include "spec/schema.h"

#define DAYS_MAX 4000

const char *
scenario_path(struct scenario_reading *rd, const char *path)
{
	char *joined = g_path_is_absolute(path) ? g_strdup(path)
						: g_build_filename(rd->dir, path, NULL);
	char **parts = g_strsplit(joined, "/", -1);
	GPtrArray *out = g_ptr_array_new();
	const char *kept;
	char *tidy;

	for (int i = 0; parts[i] != NULL; i++) {
		const char *last = out->len == 0 ? ".." : out->pdata[out->len - 1];

		if (strcmp(parts[i], ".") == 0 || (*parts[i] == '\0' && i > 0))
			continue;
		if (strcmp(parts[i], "..") == 0 && strcmp(last, "..") != 0 &&
		    *last != '\0')
			g_ptr_array_set_size(out, (int)out->len - 1);
		else
			g_ptr_array_add(out, parts[i]);
	}
	g_ptr_array_add(out, NULL);
	tidy = g_strjoinv("/", (char **)out->pdata);
	kept = arena_strdup(rd->arena, *tidy == '\0' ? "." : tidy);
	g_free(tidy);
	g_ptr_array_free(out, TRUE);
	g_strfreev(parts);
	g_free(joined);
	return kept;
}

/* ---- times ---- */

/* "10:30", or with span "10:30-11:00". */
static bool
minutes_of(const char *word, bool span, struct scenario_time *t)
{
	char **ends = g_strsplit(word, "-", 2);
	bool fine = ends[0] != NULL && (ends[1] == NULL || span);

	t->minute = fine ? clock_minutes(ends[0]) : -1;
	t->minute_to = fine && ends[1] != NULL ? clock_minutes(ends[1]) : t->minute;
	g_strfreev(ends);
	return t->minute >= 0 && t->minute < 24 * 60 && t->minute_to >= t->minute;
}

static int
day_number(const char *word)
{
	size_t n = strspn(word, "0123456789");

	return n == 0 || n > 4 || word[n] != '\0' ? 0 : atoi(word);
}

bool
scenario_time_read(struct scenario_reading *rd, const struct yaml *y, bool span,
    struct scenario_time *out)
{
	struct scenario_time t = { .at = y->at, .minute = -1, .minute_to = -1 };
	struct date date;
	const char *text;
	char **words;
	bool fine;
	int used, n;

	if (!yaml_str(y, &text, rd->report))
		return false;
	words = g_strsplit(text, " ", -1);
	n = (int)g_strv_length(words);
	used = strcmp(words[0], "day") == 0 ? 2 : 1;
	if (used == 2 && n > 1 && day_number(words[1]) > 0) {
		t.day = rd->scenario->first_day + day_number(words[1]) - 1;
		fine = true;
	} else {
		fine = used == 1 && date_parse(words[0], &date) == 0;
		t.day = fine ? date_days(date) : 0;
	}
	fine =
	    fine && (n == used || (n == used + 1 && minutes_of(words[used], span, &t)));
	g_strfreev(words);
	if (!fine) {
		report_add(rd->report, SEV_ERROR, y->at, "timing",
		    span ? "write day N, day N HH:MM or day N HH:MM-HH:MM; day 1 is from:"
			 : "write day N or day N HH:MM; day 1 is the date of from:",
		    "\"%.80s\" is not a time here", text);
		return false;
	}
	*out = t;
	return true;
}

/* ---- the head ---- */

static void
from_read(struct scenario_reading *rd, const struct yaml *y)
{
	struct scenario *s = rd->scenario;
	const char *text;
	char **words;
	struct date d;
	bool fine;

	if (y == NULL || !yaml_str(y, &text, rd->report))
		return;
	words = g_strsplit(text, " ", 2);
	fine = date_parse(words[0], &d) == 0;
	if (fine && words[1] != NULL) {
		s->from_minute = clock_minutes(words[1]);
		fine = s->from_minute >= 0 && s->from_minute < 24 * 60;
	}
	if (fine)
		s->first_day = date_days(d);
	else
		report_add(rd->report, SEV_ERROR, y->at, "type",
		    "write a date, as in 2026-11-02, or a date and a time, 2026-11-02 "
		    "09:00",
		    "\"%.80s\" is not a day to begin on", text);
	g_strfreev(words);
}

/* Numbers of the dealers' needs: 1.2, S19. */
static void
proves_read(struct scenario_reading *rd, const struct yaml *y)
{
	struct scenario *s = rd->scenario;

	if (!yaml_strings(rd->arena, y, &s->proves, &s->n_proves, rd->report))
		return;
	for (int i = 0; i < s->n_proves; i++) {
		const char *p = s->proves[i];
		size_t n = strlen(p);
		bool fine = p[0] == 'S'
				? n > 1 && strspn(p + 1, "0123456789") == n - 1
				: g_ascii_isdigit(p[0]) && strchr(p, '.') != NULL &&
				      strspn(p, "0123456789.abcdef") == n;

		if (!fine)
			report_add(rd->report, SEV_ERROR,
			    y->kind == YAML_LIST ? y->items[i]->at : y->at, "type",
			    "write numbers of docs/domain-coverage.md, as in 1.2 or S19",
			    "\"%.20s\" is not a number of the domain", p);
	}
}

static void
people_read(struct scenario_reading *rd, const struct yaml *root)
{
	static const char *const words[] = { "none", "lively", NULL };
	struct scenario *s = rd->scenario;
	int64_t n;
	int word;

	s->seed = 1;
	yaml_int(yaml_get(root, "seed"), 0, INT64_MAX, &s->seed, rd->report);
	if (yaml_enum(yaml_get(root, "people"), words, &word, rd->report))
		s->lively = word == 1;
	if (yaml_int(yaml_get(root, "days"), 1, DAYS_MAX, &n, rd->report))
		s->days = (int)n;
}

/* A playbook, a policy: to go through its keys one by one helps nobody. */
static bool
is_another(const struct yaml *root)
{
	return root->kind == YAML_MAP && root->n > 0 &&
	       yaml_get(root, "scenario") == NULL && yaml_get(root, "from") == NULL;
}

void
scenario_root_read(struct scenario_reading *rd, const struct yaml *root)
{
	struct scenario *s = rd->scenario;
	static const char *const needed[] = { "scenario", "from", "expect", NULL };
	const struct yaml *y;

	if (is_another(root)) {
		report_add(rd->report, SEV_ERROR, root->at, "missing",
		    "scenarios lie in a folder of their own, one story a file",
		    "this is no scenario: it has neither scenario: nor from:");
		return;
	}
	if (!schema_check(root, &schema_scenario, rd->report))
		return;
	for (int i = 0; needed[i] != NULL; i++)
		if (yaml_get(root, needed[i]) == NULL)
			schema_missing(root, needed[i], "", rd->report);
	s->at = root->at;
	yaml_str(yaml_get(root, "scenario"), &s->name, rd->report);
	if ((y = yaml_get(root, "proves")) != NULL)
		proves_read(rd, y);
	from_read(rd, yaml_get(root, "from"));
	people_read(rd, root);
	scenario_set_read(rd, root, &s->set);
	if ((y = yaml_get(root, "given")) != NULL)
		scenario_tables_read(rd, y, &s->given, &s->n_given);
	if ((y = yaml_get(root, "when")) != NULL)
		scenario_when_read(rd, y);
	if ((y = yaml_get(root, "expect")) != NULL)
		scenario_expect_read(rd, y);
}

/* The nearest folder of that name, from the file's own upwards. */
static const char *
nearest_config(struct scenario_reading *rd)
{
	const char *up = "config", *found = NULL;

	for (int i = 0; i < 16 && found == NULL; i++) {
		const char *path = scenario_path(rd, up);
		char *file = g_build_filename(path, "reachd.yaml", NULL);

		if (g_file_test(file, G_FILE_TEST_EXISTS))
			found = path;
		g_free(file);
		up = arena_printf(rd->arena, "../%s", up);
	}
	return found;
}

struct scenario *
scenario_load(struct arena *a, const char *file, const char *config, struct report *r)
{
	struct scenario *s = arena_new_of(a, struct scenario);
	char *dir = g_path_get_dirname(file);
	struct scenario_reading rd = { .arena = a,
		.report = r,
		.scenario = s,
		.dir = strcmp(dir, ".") == 0 ? "" : arena_strdup(a, dir) };
	struct yaml *root = NULL;
	int before = r->errors;
	size_t len;

	g_free(dir);
	s->file = source_name(file);
	s->name = s->file;
	rd.text = source_read(a, file, YAML_SIZE_MAX, (struct pos){ 0 }, &len, r);
	if (rd.text != NULL)
		root = yaml_parse(a, file, rd.text, len, r);
	if (root == NULL)
		return NULL;
	s->set.config = config != NULL ? config : nearest_config(&rd);
	scenario_root_read(&rd, root);
	if (s->set.config == NULL && r->errors == before)
		report_add(r, SEV_ERROR, s->at, "missing",
		    "write config: DIR, or give --config DIR",
		    "there is no folder config with a reachd.yaml above this file");
	return r->errors > before ? NULL : s;
}
