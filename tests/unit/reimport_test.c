/* reimport_test.c - a file that comes again changes what it changed itself, and leaves
 * what playbooks have made of a customer since. */
#include "stage.h"
#include "store/batch.h"

#define START "2026-03-10T10:00:00+08:00"
#define CARE "config/playbooks/care.yaml"

struct words {
	const char *stage, *tags, *attrs;
};

/* NULL: not written. */
static const struct merge_row {
	const char *name;
	struct words file, ours, again, want;
} merges[] = {
	{ "nothing of ours: the file's", { "new", "a;b", "{\"x\":1,\"y\":2}" }, { 0 },
	    { "trying", "b;c", "{\"x\":3}" }, { "trying", "b;c", "{\"x\":3}" } },
	{ "the same file again", { "new", "a;b", "{\"x\":1}" },
	    { "lost", "b;p", "{\"x\":2,\"z\":true}" }, { "new", "a;b", "{\"x\":1}" },
	    { "lost", "b;p", "{\"x\":2,\"z\":true}" } },
	{ "stage: the file's when it changed its own", { "new", "", "{}" },
	    { "lost", NULL, NULL }, { "dormant", "", "{}" }, { "dormant", "", "{}" } },
	{ "stage: emptied in the file", { "new", "", "{}" }, { "lost", NULL, NULL },
	    { "", "", "{}" }, { "", "", "{}" } },
	{ "tags: each side's adding and removing", { "", "a;b;c", "{}" },
	    { NULL, "b;c;p", NULL }, { "", "a;c;f", "{}" }, { "", "c;f;p", "{}" } },
	{ "tags: both added the same", { "", "a", "{}" }, { NULL, "a;b", NULL },
	    { "", "a;b", "{}" }, { "", "a;b", "{}" } },
	{ "tags: both removed the same", { "", "a;b", "{}" }, { NULL, "a", NULL },
	    { "", "a", "{}" }, { "", "a", "{}" } },
	{ "tags: one that is part of another", { "", "ev", "{}" },
	    { NULL, "ev;ev2", NULL }, { "", "", "{}" }, { "", "ev2", "{}" } },
	{ "attributes: each by itself", { "", "", "{\"x\":1,\"y\":1}" },
	    { NULL, NULL, "{\"x\":9,\"y\":9,\"z\":9}" }, { "", "", "{\"x\":1,\"y\":2}" },
	    { "", "", "{\"x\":9,\"y\":2,\"z\":9}" } },
	{ "attributes: gone from the file", { "", "", "{\"x\":1,\"y\":1}" },
	    { NULL, NULL, "{\"x\":9,\"y\":1}" }, { "", "", "{}" },
	    { "", "", "{\"x\":9}" } },
	{ "one of three is ours, the others follow the file", { "new", "a", "{\"x\":1}" },
	    { NULL, "a;p", NULL }, { "lost", "b", "{\"y\":2}" },
	    { "lost", "b;p", "{\"y\":2}" } },
};

static void
put(struct stage *s, const struct words *words)
{
	struct customer c = { .ext = "C1",
		.name = "x",
		.gender = "",
		.tier = "high",
		.stage = words->stage,
		.store = "",
		.advisor = "",
		.tz = "",
		.address = { "+8619900000001", "", "", "", "" },
		.consent = { 2, 2, 2, 2, 2 },
		.tags = words->tags,
		.attrs = words->attrs };
	struct err e = { 0 };
	bool created;
	int64_t id;

	assert_int_equal(customer_put(s->store, &c, &id, &created, &e), 0);
	assert_int_equal(id, 1);
}

static void
is(struct stage *s, const struct words *want)
{
	struct customer_row row;
	struct err e = { 0 };

	assert_int_equal(customer_get(s->store, 1, &row, &e), 1);
	assert_string_equal(row.c.stage, want->stage);
	assert_string_equal(row.c.tags, want->tags);
	assert_string_equal(row.c.attrs, want->attrs);
}

static void
merging(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(merges); i++) {
		const struct merge_row *row = &merges[i];
		struct stage *s = stage_new(START, NULL);
		struct err e = { 0 };

		print_message("%s\n", row->name);
		put(s, &row->file);
		if (row->ours.stage != NULL)
			customer_set_stage(s->store, 1, row->ours.stage, &e);
		if (row->ours.tags != NULL)
			customer_set_tags(s->store, 1, row->ours.tags, &e);
		if (row->ours.attrs != NULL)
			customer_set_attr(s->store, 1, row->ours.attrs, &e);
		assert_int_equal(e.kind, ERR_NONE);
		/* A second and a third reading of the same file change nothing more. */
		for (int k = 0; k < 3; k++) {
			put(s, &row->again);
			is(s, &row->want);
		}
		stage_free(s);
	}
}

/* Ours twice over: what the file said stays what it said, not what we made of it. */
static void
again_and_again(void **state)
{
	struct stage *s = stage_new(START, NULL);
	struct err e = { 0 };

	(void)state;
	put(s, &(struct words){ "new", "a", "{}" });
	assert_int_equal(customer_set_stage(s->store, 1, "trying", &e), 0);
	assert_int_equal(customer_set_stage(s->store, 1, "lost", &e), 0);
	put(s, &(struct words){ "new", "a", "{}" });
	is(s, &(struct words){ "lost", "a", "{}" });
	put(s, &(struct words){ "dormant", "a", "{}" });
	is(s, &(struct words){ "dormant", "a", "{}" });
	put(s, &(struct words){ "new", "a", "{}" });
	is(s, &(struct words){ "new", "a", "{}" });
	stage_free(s);
}

static void
import(struct stage *s, const char *csv)
{
	char *path = g_build_filename(s->dir, "in.csv", NULL);

	assert_true(g_file_set_contents(path, csv, -1, NULL));
	s->answer = 0;
	engine_import(s->engine, "customers", path, NULL, NULL, stage_answer, s);
	stage_run(s, MS_MINUTE);
	assert_int_equal(s->answer, 200);
	g_free(path);
}

/* From end to end: the nightly file does not undo what a playbook did by day. */
static void
the_nightly_file(void **state)
{
	struct stage *s = stage_new(START, CARE,
	    "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
	    "steps:\n  - id: one\n    do: { stage: lost, tag: { add: called, remove: hot "
	    "},"
	    " set: { note: 7 } }\n",
	    NULL);

	(void)state;
	import(s, "id,phone,stage,tags,note,model\nC1,19900000001,new,ev;hot,1,A4\n");
	assert_int_equal(stage_event(s, "v1", "C1", "visit"), 201);
	stage_run(s, MS_MINUTE);
	import(s, "id,phone,stage,tags,note,model\nC1,19900000001,new,ev;hot,1,A4\n");
	is(s, &(struct words){ "lost", "called;ev", "{\"model\":\"A4\",\"note\":7}" });
	import(
	    s, "id,phone,stage,tags,note,model\nC1,19900000001,returned,hot;vip,2,A6\n");
	is(s,
	    &(struct words){ "returned", "called;vip", "{\"model\":\"A6\",\"note\":2}" });
	stage_free(s);
}

static void
row_of(struct stage *s, struct customer_row *row)
{
	struct err e = { 0 };

	assert_int_equal(customer_get(s->store, 1, row, &e), 1);
	assert_int_equal(customer_open(s->store, row, &e), 0);
}

#define FULL                                                                                  \
	"id,name,phone,email,stage,tags,tier,advisor,birthday,first_visit,spend,consent,note,"\
	"model\nC1,林晓,19900000001,a@example.com,new,ev;hot,high,周敏,1988-03-05,2020-01-02," \
	"1200,marketing,1,A4\n"

/* A file of two columns says nothing about the others. */
static void
a_file_without_columns_took_them_away(void **state)
{
	struct stage *s = stage_new(START, NULL);
	struct customer_row row;
	struct err e = { 0 };

	(void)state;
	import(s, FULL);
	assert_int_equal(customer_set_tags(s->store, 1, "ev;hot;called", &e), 0);
	for (int k = 0; k < 2; k++) {
		import(s, "id,advisor,model\nC1,何静,A6\n");
		row_of(s, &row);
		assert_string_equal(row.c.name, "林晓");
		assert_string_equal(row.c.advisor, "何静");
		assert_string_equal(row.c.stage, "new");
		assert_string_equal(row.c.tags, "ev;hot;called");
		assert_string_equal(row.c.tier, "high");
		assert_string_equal(row.c.attrs, "{\"model\":\"A6\",\"note\":1}");
		assert_string_equal(row.c.address[CHANNEL_SMS], "+8619900000001");
		assert_string_equal(row.c.address[CHANNEL_PHONE], "+8619900000001");
		assert_string_equal(row.c.address[CHANNEL_EMAIL], "a@example.com");
		assert_int_equal(row.c.consent[CHANNEL_SMS], CONSENT_MARKETING);
		assert_int_equal(row.c.birthday.year, 1988);
		assert_int_equal(row.c.first_visit.year, 2020);
		assert_true(row.c.spend_12m > 1199);
	}
	/* And the file that told the tags still knows which are its own. */
	import(s, "id,tags\nC1,hot\n");
	row_of(s, &row);
	assert_string_equal(row.c.tags, "called;hot");
	stage_free(s);
}

/* An empty cell is said: gone is what the file had told, not what a playbook has made. */
static void
an_empty_cell_is_no_missing_column(void **state)
{
	struct stage *s = stage_new(START, NULL);
	struct customer_row row;
	struct err e = { 0 };

	(void)state;
	import(s, FULL);
	assert_int_equal(customer_set_tags(s->store, 1, "ev;hot;called", &e), 0);
	import(s, "id,phone,email,tags,consent,note\nC1,19900000001,,,,\n");
	row_of(s, &row);
	assert_string_equal(row.c.tags, "called");
	assert_string_equal(row.c.address[CHANNEL_EMAIL], "");
	assert_string_equal(row.c.address[CHANNEL_SMS], "+8619900000001");
	assert_string_equal(row.c.attrs, "{\"model\":\"A4\"}");
	assert_int_equal(row.c.consent[CHANNEL_SMS], CONSENT_NONE);
	assert_string_equal(row.c.name, "林晓");
	stage_free(s);
}

/* A cell that cannot be read cost the whole row, or took away what an earlier file told. */
static void
an_unreadable_cell_says_nothing(void **state)
{
	struct stage *s = stage_new(START, NULL);
	struct customer_row row;
	struct err e = { 0 };
	int64_t n;

	(void)state;
	import(s, FULL);
	import(s, "id,phone,gender,tz,birthday,first_visit,last_visit,visits\n"
		  "C1,19900000001,女,Asia/Urumqi,,2020-01-02,2026-02-01,3\n");
	import(s, "id,phone,gender,tz,birthday,first_visit,last_visit,visits\n"
		  "C1,19900000002,?,Foo/Bar,待查,2026-02-30,上周,4\n"
		  "C2,19900000003,男,,1990-05-01,不详1,2026-2-31,1\n");
	row_of(s, &row);
	assert_string_equal(row.c.address[CHANNEL_SMS], "+8619900000002");
	assert_string_equal(row.c.gender, "female");
	assert_string_equal(row.c.tz, "Asia/Urumqi");
	assert_int_equal(row.c.first_visit.year, 2020);
	assert_int_equal(row.c.last_visit.month, 2);
	assert_int_equal(row.c.visits, 4);
	assert_int_equal(customer_find(s->store, "C2", &n, &e), 1);
	assert_int_equal(customer_get(s->store, n, &row, &e), 1);
	assert_int_equal(row.c.first_visit.year, 0);
	assert_int_equal(row.c.last_visit.year, 0);
	assert_int_equal(row.c.birthday.year, 1990);
	assert_int_equal(quality_count(s->store, &n, &e), 0);
	assert_int_equal(n, 2);
	stage_free(s);
}

/* A basis without a column of consent lifts, and lowers nobody. */
static void
a_basis_took_consent_away(void **state)
{
	struct import_how how = { .basis = "service", .source = "", .evidence = "" };
	struct stage *s = stage_new(START, NULL);
	char *path = g_build_filename(s->dir, "in.csv", NULL);
	struct customer_row row;

	(void)state;
	import(s, FULL);
	assert_true(g_file_set_contents(path, "id,name\nC1,林晓\n", -1, NULL));
	engine_import(s->engine, "customers", path, &how, NULL, stage_answer, s);
	stage_run(s, MS_MINUTE);
	assert_int_equal(s->answer, 200);
	row_of(s, &row);
	assert_int_equal(row.c.consent[CHANNEL_SMS], CONSENT_MARKETING);
	g_free(path);
	stage_free(s);
}

static char *report;

static void
keep_report(void *arg, int status, const char *json)
{
	((struct stage *)arg)->answer = status;
	g_free(report);
	report = g_strdup(json);
}

static void
the_dry_run_shows_what_stays(void **state)
{
	struct import_how how = { .basis = "", .source = "", .evidence = "", .dry_run = true };
	struct stage *s = stage_new(START, NULL);
	char *path = g_build_filename(s->dir, "in.csv", NULL);

	(void)state;
	import(s, FULL);
	assert_true(g_file_set_contents(path, "id,phone,note\nC1,19900000001,1\n", -1, NULL));
	engine_import(s->engine, "customers", path, &how, NULL, keep_report, s);
	stage_run(s, MS_MINUTE);
	assert_non_null(strstr(report, "0 new, 0 changed, 1 unchanged"));
	assert_non_null(strstr(report, "no column for: name, gender, email"));
	assert_non_null(strstr(report, "consent, tags; what is on file stays"));
	g_clear_pointer(&report, g_free);
	g_free(path);
	stage_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merging),
		cmocka_unit_test(again_and_again),
		cmocka_unit_test(the_nightly_file),
		cmocka_unit_test(a_file_without_columns_took_them_away),
		cmocka_unit_test(an_empty_cell_is_no_missing_column),
		cmocka_unit_test(an_unreadable_cell_says_nothing),
		cmocka_unit_test(a_basis_took_consent_away),
		cmocka_unit_test(the_dry_run_shows_what_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
