/* test_act.c - what happens in a scenario, told to the engine as the world would. */
#include <string.h>

#include "provider/quote.h"
#include "store/customer.h"
#include "test.h"

/* ---- of whom, of which message ---- */

/* The newest message of the customer, of that step and channel where they are said. */
static const struct test_letter *
letter_of(struct test *t, const struct scenario_act *act)
{
	char scratch[32];

	for (guint i = t->told->len; i > 0; i--) {
		const struct test_line *l = t->told->pdata[i - 1];
		const struct test_letter *letter =
		    l->nonmessage ? NULL : g_hash_table_lookup(t->letters, &l->msg);

		if (letter != NULL &&
		    strcmp(test_member(l->json, "customer", scratch), act->customer) ==
			0 &&
		    (*act->step == '\0' ||
			strcmp(test_member(l->json, "step", scratch), act->step) == 0) &&
		    (act->channel < 0 || letter->channel == act->channel))
			return letter;
	}
	return NULL;
}

static const struct test_letter *
letter_wanted(struct test *t, const struct scenario_act *act)
{
	const struct test_letter *l = letter_of(t, act);

	if (l == NULL)
		test_fail(t, act->at, "%s has got no such message so far", act->customer);
	return l;
}

static const struct account *
account_of(struct test *t, const char *name, int channel)
{
	const struct config *cfg = engine_catalog(town_engine(t->town))->config;

	for (int i = 0; i < cfg->n_accounts; i++)
		if (name != NULL ? strcmp(cfg->accounts[i].name, name) == 0
				 : (cfg->accounts[i].channels >> channel & 1) != 0)
			return &cfg->accounts[i];
	return NULL;
}

/* Waits for the answer; another status than expected is a failure. */
static int
want_status(struct test *t, const struct scenario_act *act, int status, struct err *e)
{
	const char *error;

	if (test_wait(t, e) != 0)
		return -1;
	error = json_string_value(json_object_get(t->answer.json, "error"));
	if (t->answer.status == 202 && status != 202)
		test_fail(t, act->at, "there is no customer \"%s\"", act->customer);
	else if (t->answer.status != status)
		test_fail(t, act->at, "the engine says %d: %s", t->answer.status,
		    error == NULL ? "" : error);
	return 0;
}

/* ---- verbs ---- */

static int
event(struct test *t, const struct scenario_act *act, struct err *e)
{
	ms_t now = sim_true(town_sim(t->town));
	GString *s = g_string_new("{\"id\":");
	char at[CLOCK_TEXT], *id = g_strdup_printf("scenario-%d", t->keys++);

	quote_json(s, *act->id != '\0' ? act->id : id);
	quote_json_member(s, "customer", act->customer);
	quote_json_member(s, "type", act->type);
	quote_json_member(s, "at", clock_format(now, zone_offset(t->zone, now) / 60, at));
	if (*act->vehicle != '\0')
		quote_json_member(s, "vehicle", act->vehicle);
	g_string_append_printf(
	    s, ",\"data\":%s%s}", act->data, act->historic ? ",\"historic\":true" : "");
	engine_event(town_engine(t->town), id, s->str, s->len, test_answered, t);
	g_string_free(s, TRUE);
	g_free(id);
	return want_status(t, act, act->parked ? 202 : 201, e);
}

static int
receipt(struct test *t, const struct scenario_act *act, const char *account,
    struct receipt *r, struct err *e)
{
	const struct account *acc = account_of(t, account, (int)r->channel);
	char key[32];

	if (acc == NULL) {
		test_fail(
		    t, act->at, "no provider serves %s", channel_name((int)r->channel));
		return 0;
	}
	g_snprintf(key, sizeof(key), "scenario-%d", t->keys++);
	r->key = key;
	r->raw = "";
	engine_receipts(town_engine(t->town), acc, r, 1, test_answered, t);
	return want_status(t, act, 200, e);
}

static int
reply(struct test *t, const struct scenario_act *act, struct err *e)
{
	const struct test_letter *l = letter_of(t, act);
	int channel = act->channel >= 0 ? act->channel
		      : l != NULL       ? l->channel
					: CHANNEL_SMS;
	struct store *s = town_store(t->town);
	struct receipt r = { .kind = RECEIPT_REPLY,
		.channel = (enum channel)channel,
		.text = act->text,
		.ref = "",
		.provider_id = "",
		.perr = "" };
	struct customer_row row;
	char *from;
	int64_t id;
	int rc = customer_find(s, act->customer, &id, e);

	if (rc == 1)
		rc = customer_get(s, id, &row, e);
	if (rc < 0 || (rc == 1 && customer_open(s, &row, e) != 0))
		return -1;
	if (rc == 0 || *row.c.address[channel] == '\0') {
		test_fail(t, act->at,
		    rc == 0 ? "there is no customer \"%s\""
			    : "%s has no address to answer from",
		    act->customer);
		return 0;
	}
	from = g_strdup(row.c.address[channel]);
	r.from = from;
	rc = receipt(t, act, l != NULL ? l->account : NULL, &r, e);
	g_free(from);
	return rc;
}

static int
told(struct test *t, const struct scenario_act *act, struct err *e)
{
	static const enum receipt_kind kinds[] = { [SCENARIO_SENT] = RECEIPT_SENT,
		[SCENARIO_DELIVERED] = RECEIPT_DELIVERED,
		[SCENARIO_FAILED] = RECEIPT_FAILED,
		[SCENARIO_OPENED] = RECEIPT_OPEN };
	const struct test_letter *l = letter_wanted(t, act);
	struct receipt r = { .kind = kinds[act->kind],
		.provider_id = "",
		.from = "",
		.text = "",
		.perr = act->code };

	if (l == NULL)
		return 0;
	r.ref = l->ref;
	r.channel = (enum channel)l->channel;
	return receipt(t, act, l->account, &r, e);
}

static int
click(struct test *t, const struct scenario_act *act, struct err *e)
{
	const struct test_letter *l = letter_wanted(t, act);
	const char *p = l == NULL ? NULL : l->text;
	struct engine_hit hit = { .agent = "Mozilla/5.0 (Linux; Android 14; PGT-AN10)" };
	char code[11];

	if (l == NULL)
		return 0;
	for (int i = 0; i < act->link && p != NULL; i++) {
		p = strstr(p, "/l/");
		p = p == NULL ? NULL : p + 3;
	}
	if (p == NULL || strlen(p) < 10) {
		test_fail(t, act->at, "the message has no such link");
		return 0;
	}
	g_strlcpy(code, p, sizeof(code));
	hit.code = code;
	engine_hit(town_engine(t->town), &hit, test_answered, t);
	return want_status(t, act, 302, e);
}

static int
unsubscribe(struct test *t, const struct scenario_act *act, struct err *e)
{
	const struct test_letter *l = letter_wanted(t, act);

	if (l == NULL)
		return 0;
	engine_unsubscribe(town_engine(t->town), l->ref, test_answered, t);
	return want_status(t, act, 200, e);
}

/* The first that the customer's advisor, or whoever has it, sees on his list. */
static int64_t
task_wanted(struct test *t, const struct scenario_act *act)
{
	const json_t *one;
	char scratch[32];
	size_t i;

	json_array_foreach(json_object_get(t->answer.json, "tasks"), i, one)
	{
		if (strcmp(test_member(one, "customer", scratch), act->customer) == 0 &&
		    (*act->type == '\0' ||
			strcmp(test_member(one, "kind", scratch), act->type) == 0))
			return g_ascii_strtoll(test_member(one, "id", scratch), NULL, 10);
	}
	return 0;
}

static int
task(struct test *t, const struct scenario_act *act, struct err *e)
{
	const struct engine_report r = { act->outcome, act->cause, act->observed, "", "" };
	int64_t id;

	engine_tasks(town_engine(t->town), "", NULL, test_answered, t);
	if (test_wait(t, e) != 0)
		return -1;
	id = task_wanted(t, act);
	if (id == 0) {
		test_fail(t, act->at, "nobody is asked to do that for %s now", act->customer);
		return 0;
	}
	engine_task_done(town_engine(t->town), id, &r, test_answered, t);
	return want_status(t, act, 200, e);
}

static int
import(struct test *t, const struct scenario_act *act, struct err *e)
{
	return test_import(t, act->table, false, e);
}

static int
reload(struct test *t, const struct scenario_act *act, struct err *e)
{
	const char *report;

	t->set = act->set;
	engine_reload(town_engine(t->town), test_answered, t);
	if (test_wait(t, e) != 0)
		return -1;
	report = json_string_value(json_object_get(t->answer.json, "report"));
	if (t->answer.status == 422 && !act->refused)
		test_fail(t, act->at, "the new set has mistakes:\n%s", report);
	else if (t->answer.status == 200 && act->refused)
		test_fail(t, act->at, "the new set was taken, it has no mistake");
	else if (t->answer.status != 422 && t->answer.status != 200)
		test_fail(t, act->at, "the engine says %d", t->answer.status);
	return 0;
}

static int
gateway(struct test *t, const struct scenario_act *act, struct err *e)
{
	struct vendor_faults *f = vendor_faults(town_vendor(t->town));

	(void)e;
	*f = (struct vendor_faults){
		.refuse_address = act->kind == GATEWAY_REFUSES_ADDRESS,
		.refuse = act->kind == GATEWAY_REFUSES,
		.throttle = act->kind == GATEWAY_THROTTLES,
		.silence_before = act->kind == GATEWAY_SILENT,
	};
	return 0;
}

static int
days(struct test *t, const struct scenario_act *act, struct err *e)
{
	(void)t;
	(void)act;
	(void)e;
	return 0; /* they have gone by */
}

int
test_act(struct test *t, const struct scenario_act *act, struct err *e)
{
	static int (*const verbs[SCENARIO_VERBS])(
	    struct test *, const struct scenario_act *, struct err *) = {
		[SCENARIO_EVENT] = event,
		[SCENARIO_REPLY] = reply,
		[SCENARIO_RECEIPT] = told,
		[SCENARIO_CLICK] = click,
		[SCENARIO_UNSUBSCRIBE] = unsubscribe,
		[SCENARIO_TASK] = task,
		[SCENARIO_IMPORT] = import,
		[SCENARIO_RELOAD] = reload,
		[SCENARIO_GATEWAY] = gateway,
		[SCENARIO_DAYS] = days,
	};

	return verbs[act->verb](t, act, e);
}
