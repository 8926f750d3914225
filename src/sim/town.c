#include "sim/town.h"

#include <string.h>

#include "provider/provider.h"
#include "sim/simvfs.h"
#include "sim/staff.h"
#include "store/customer.h"
#include "store/msg.h"
#include "store/store.h"
#include "store/version.h"

#define DATABASE "reachd.db"
#define FLIGHT "flight"

struct town {
	struct town_options o;
	struct sim *sim;
	struct vendor *vendor;
	struct crowd *crowd;
	struct staff_room *staff; /* NULL: nobody does his tasks */
	struct simvfs *disk;      /* NULL: rehearsal */
	struct rng rng;
	uint8_t key[CRYPT_KEY];
	struct store *store;
	struct engine *engine;
	struct catalog *catalog;
	bool ready;
	struct err failed;
	int deaths;
	struct {
		bool set, power;
		ms_t down;
	} wound;
};

/* ---- parts ---- */

static const struct account *
account_of(void *arg, const char *name)
{
	return config_account(((struct town *)arg)->catalog->config, name);
}

/* Nothing leaves this world: its one gateway speaks the sandbox's dialect, whatever
 * services the accounts are of. Nobody in it writes before he was written to, so who only
 * answers serves nobody. */
static void
stand_in(const struct catalog *c)
{
	for (int i = 0; i < c->config->n_accounts; i++) {
		struct account *acc = &c->config->accounts[i];
		struct capabilities caps = { 0 };

		provider_find(acc->type)->capabilities(acc, &caps);
		if (caps.reply_most > 0)
			acc->channels = 0;
		acc->type = "sandbox";
	}
}

static struct catalog *
load(void *arg, struct report *r)
{
	const struct town *t = arg;
	struct catalog *c = t->o.load(t->o.load_arg, r);

	if (c != NULL)
		stand_in(c);
	return c;
}

static ms_t
true_now(void *arg)
{
	return sim_true(((struct town *)arg)->sim);
}

/* ---- people ---- */

static const struct habits_rates *
rates(void *arg, int64_t msg, int channel)
{
	struct town *t = arg;
	struct message m;
	char name[128];
	struct err e = { 0 };

	if (t->o.rates == NULL || t->store == NULL ||
	    msg_get(t->store, msg, &m, &e) != 1 ||
	    playbook_name(t->store, m.playbook, name, sizeof(name), &e) != 1)
		return NULL;
	return t->o.rates(t->o.arg, name, channel);
}

/* ---- gateways ---- */

static void
came(void *arg, const struct vendor_letter *l)
{
	struct town *t = arg;

	sim_note(t->sim, (uint64_t)l->msg ^ (uint64_t)l->n);
	if (t->o.came != NULL)
		t->o.came(t->o.arg, l);
}

static void
took(void *arg, const struct vendor_letter *l, const struct vendor_taken *taken)
{
	struct town *t = arg;

	if (t->o.took != NULL)
		t->o.took(t->o.arg, l, taken);
	crowd_receive(t->crowd, l, taken);
}

static void
misused(void *arg, const struct vendor_letter *l)
{
	struct town *t = arg;

	if (t->o.misused != NULL)
		t->o.misused(t->o.arg, l);
}

static void
call_started(void *arg)
{
	struct town *t = arg;

	if (t->o.started != NULL)
		t->o.started(t->o.arg);
}

static void
arrive(void *arg, const struct sim_request *q, struct sim_reply *r)
{
	vendor_arrive(((struct town *)arg)->vendor, q, r);
}

static struct engine *
engine_up(void *arg)
{
	return town_engine(arg);
}

static void
settles(void *arg, const char *customer)
{
	struct town *t = arg;

	if (t->o.settles != NULL)
		t->o.settles(t->o.arg, customer);
}

static void
acked(void *arg, const struct crowd_ack *a)
{
	struct town *t = arg;

	sim_note(t->sim, 0x300 + (uint64_t)a->kind);
	if (t->o.acked != NULL)
		t->o.acked(t->o.arg, a);
}

static void
disk_died(void *arg)
{
	struct town *t = arg;

	town_kill(t, t->wound.power, t->wound.set ? t->wound.down : MS_SECOND);
}

static int
open_store(struct town *t, struct err *e)
{
	const struct store_options o = {
		.path = t->disk == NULL ? ":memory:" : DATABASE,
		.key = t->key,
		.create = true,
		.exclusive = t->disk != NULL,
		.vfs = t->disk == NULL ? NULL : simvfs_name(t->disk),
		.sync = t->disk != NULL,
	};

	t->store = store_open(&o, e);
	if (t->store == NULL)
		return -1;
	sim_store(t->sim, t->store);
	return 0;
}

struct town *
town_new(const struct town_options *o, struct err *e)
{
	struct town *t = g_new0(struct town, 1);

	t->o = *o;
	t->catalog = o->catalog;
	stand_in(t->catalog);
	rng_seed(&t->rng, o->seed, "town");
	for (int i = 0; i < CRYPT_KEY; i++)
		t->key[i] = (uint8_t)rng_next(&t->rng);
	t->sim = sim_new(&(struct sim_options){ .seed = o->seed,
	    .start = o->start,
	    .instant = o->rehearsal,
	    .started = call_started,
	    .arrive = arrive,
	    .died = disk_died,
	    .arg = t });
	t->vendor = vendor_new(&(struct vendor_options){ .seed = o->seed,
	    .instant = o->rehearsal,
	    .account = account_of,
	    .now = true_now,
	    .came = came,
	    .took = took,
	    .misused = misused,
	    .arg = t });
	t->crowd = crowd_new(&(struct crowd_options){ .seed = o->seed,
	    .sim = t->sim,
	    .instant = o->rehearsal,
	    .silent = o->silent,
	    .engine = engine_up,
	    .acked = acked,
	    .rates = rates,
	    .arg = t });
	if (!o->silent)
		t->staff = staff_new(&(struct staff_options){
		    .seed = o->seed,
		    .sim = t->sim,
		    .engine = engine_up,
		    .settles = settles,
		    .arg = t });
	if (!o->rehearsal)
		t->disk = simvfs_new(o->seed);
	if (open_store(t, e) != 0) {
		town_free(t);
		return NULL;
	}
	return t;
}

void
town_free(struct town *t)
{
	if (t == NULL)
		return;
	engine_free(t->engine);
	crowd_free(t->crowd);
	staff_free(t->staff);
	vendor_free(t->vendor);
	sim_free(t->sim);
	store_close(t->store);
	simvfs_free(t->disk);
	catalog_unref(t->catalog);
	g_free(t);
}

int
town_settle(struct town *t, int (*next)(void *arg, struct customer *c, struct err *e),
    void *arg, struct err *e)
{
	struct customer c;
	int64_t id;
	bool created;
	int rc;

	if (store_begin(t->store, e) != 0)
		return -1;
	while ((rc = next(arg, &c, e)) == 1)
		if (customer_put(t->store, &c, &id, &created, e) != 0)
			return -1;
	return rc < 0 ? -1 : store_commit(t->store, e);
}

/* ---- lives ---- */

static void
ready(void *arg, const struct err *e)
{
	struct town *t = arg;

	t->ready = e == NULL;
	if (e != NULL)
		t->failed = *e;
}

int
town_start(struct town *t, struct err *e)
{
	if (t->store == NULL && open_store(t, e) != 0)
		return -1;
	if (t->o.rose != NULL)
		t->o.rose(t->o.arg, t->store);
	t->ready = false;
	t->engine = engine_new(&(struct engine_options){
	    .world = sim_world(t->sim),
	    .catalog = catalog_ref(t->catalog),
	    .load = t->o.load == NULL ? NULL : load,
	    .load_arg = t,
	    .flight_path = t->o.rehearsal ? NULL : FLIGHT,
	    .watch = t->o.watch,
	    .draw_key = t->o.draw_key,
	    .portion = t->o.portion,
	    .rehearsal = t->o.rehearsal,
	});
	engine_start(t->engine, ready, t);
	return 0;
}

static void
rises(void *arg)
{
	struct town *t = arg;

	if (town_start(t, &t->failed) != 0)
		err_wrap(&t->failed, "starting again");
}

/* The next life reads what lies on disk, if that is without mistakes. */
static void
read_set(struct town *t)
{
	struct report *r = report_new();
	struct catalog *c = t->o.load == NULL ? NULL : load(t, r);

	report_free(r);
	if (c == NULL)
		c = catalog_ref((struct catalog *)(uintptr_t)engine_catalog(t->engine));
	catalog_unref(t->catalog);
	t->catalog = c;
}

void
town_kill(struct town *t, bool power, ms_t down)
{
	if (t->store == NULL)
		return;
	t->deaths++;
	t->wound.set = false;
	read_set(t);
	sim_faults(t->sim)->dies = NULL;
	sim_kill(t->sim, power);
	engine_free(t->engine);
	t->engine = NULL;
	simvfs_die(t->disk);
	store_close(t->store);
	t->store = NULL;
	simvfs_rise(t->disk, power);
	sim_at(t->sim, sim_true(t->sim) + down, rises, t);
}

static bool
dies(void *arg)
{
	struct town *t = arg;

	simvfs_wound(t->disk, (int)rng_below(&t->rng, 12));
	sim_faults(t->sim)->dies = NULL;
	/* Said of the transaction, not of the process: the disk decides. */
	return false;
}

void
town_wound(struct town *t, bool power, ms_t down)
{
	t->wound.set = true;
	t->wound.power = power;
	t->wound.down = down;
	sim_faults(t->sim)->dies = dies;
	sim_faults(t->sim)->arg = t;
}

int
town_run(struct town *t, ms_t until, struct err *e)
{
	if (sim_run(t->sim, until, e) != 0)
		return -1;
	if (t->failed.kind != ERR_NONE) {
		*e = t->failed;
		return -1;
	}
	return 0;
}

/* ---- who asks ---- */

struct sim *
town_sim(struct town *t)
{
	return t->sim;
}

struct vendor *
town_vendor(struct town *t)
{
	return t->vendor;
}

struct crowd *
town_crowd(struct town *t)
{
	return t->crowd;
}

struct engine *
town_engine(struct town *t)
{
	return t->ready ? t->engine : NULL;
}

struct store *
town_store(struct town *t)
{
	return t->store;
}

int
town_deaths(const struct town *t)
{
	return t->deaths;
}
