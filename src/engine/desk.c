#include "desk.h"

#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "launch.h"
#include "store/experiment.h"
#include "store/launch.h"
#include "store/msg.h"
#include "store/run.h"
#include "store/task.h"
#include "store/version.h"

static void
version_gone(gpointer v)
{
	version_free(v);
}

/* `ended` lets nobody in; runs under way go on to their end. */
bool
live_stands(const struct live *l)
{
	return l->status == PLAYBOOK_PAUSED || l->status == PLAYBOOK_DRAFT;
}

struct desk *
desk_new(const struct world *w, bool rehearsal)
{
	struct desk *d = g_new0(struct desk, 1);

	d->versions = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, version_gone);
	d->lives = g_array_new(FALSE, TRUE, sizeof(struct live));
	d->lanes = g_array_new(FALSE, TRUE, sizeof(struct lane));
	d->pauses = g_array_new(FALSE, TRUE, sizeof(struct pause));
	d->zones = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	d->next_wake = d->next_settle = d->next_people = 0; /* unknown: look at once */
	d->speed = w->speed;
	d->rehearsal = rehearsal;
	return d;
}

void
desk_free(struct desk *d)
{
	if (d == NULL)
		return;
	g_hash_table_unref(d->versions);
	crypt_free(d->draw);
	g_array_unref(d->lives);
	g_array_unref(d->lanes);
	g_array_unref(d->pauses);
	g_hash_table_unref(d->zones);
	g_free(d);
}

static unsigned
needs_of(const struct playbook *p)
{
	unsigned needs = 0;

	for (int i = 0; i < p->n_steps; i++) {
		if (p->steps[i].facts != 0)
			needs |= VERSION_NEWS;
		if (p->steps[i].timing.kind == TIMING_BEFORE)
			needs |= VERSION_DATES;
	}
	return needs;
}

int
desk_version(struct work *w, int64_t id, const struct version **out, struct err *e)
{
	struct version *v = g_hash_table_lookup(w->desk->versions, &id);
	char *bundle;
	int playbook, number, rc;

	if (v == NULL) {
		rc = version_get(w->store, id, &playbook, &number, &bundle, e);
		if (rc == 0)
			return err_set(e, ERR_INTERNAL, "a run is pinned to a version that is not stored");
		if (rc < 0 || (v = version_load(bundle, strlen(bundle), e)) == NULL)
			return -1;
		g_hash_table_insert(w->desk->versions, g_memdup2(&id, sizeof(id)), v);
	}
	*out = v;
	return 0;
}

struct live *
desk_live(struct desk *d, int number)
{
	for (guint i = 0; i < d->lives->len; i++) {
		struct live *l = &g_array_index(d->lives, struct live, i);

		if (l->number == number)
			return l;
	}
	return NULL;
}

struct live *
desk_live_named(struct desk *d, const char *name)
{
	for (guint i = 0; i < d->lives->len; i++) {
		struct live *l = &g_array_index(d->lives, struct live, i);

		if (strcmp(l->name, name) == 0)
			return l;
	}
	return NULL;
}

static void
note_playbook(void *arg, int number, const char *name)
{
	struct desk *d = arg;
	struct live l = { .number = number, .family = number, .name = g_intern_string(name),
		.status = PLAYBOOK_ENDED, .why = "" };

	if (desk_live(d, number) != NULL)
		return;
	g_array_append_val(d->lives, l);
	for (int c = 0; c < CHANNELS; c++) {
		struct lane lane = { .playbook = number, .channel = c, .next = 0 };

		g_array_append_val(d->lanes, lane);
	}
}

static void
note_family(void *arg, int number, int family)
{
	struct desk *d = arg;

	desk_live(d, number)->family = family;
	d->has_forms = true;
}

/* Who was in a store's form of a playbook was in the playbook. */
static int
keep_family(struct work *w, struct live *l, const struct playbook *pb, struct err *e)
{
	int family = l->number;

	if (pb->extends != NULL && playbook_number(w->store, pb->extends, &family, e) != 0)
		return -1;
	if (family == l->family)
		return 0;
	l->family = family;
	w->desk->has_forms = true;
	return playbook_family_put(w->store, l->number, family, e);
}

int
desk_family(struct desk *d, int number)
{
	const struct live *l = d->has_forms ? desk_live(d, number) : NULL;

	return l == NULL ? number : l->family;
}

static int
publish_one(struct work *w, const struct version *v, struct err *e)
{
	struct live *l;
	int64_t id;
	bool created;
	int number;

	if (playbook_number(w->store, v->playbook->name, &number, e) != 0 ||
	    version_put(w->store, number, v->hash, v->bundle, needs_of(v->playbook), w->now, &id, &created, e) != 0)
		return -1;
	note_playbook(w->desk, number, v->playbook->name);
	l = desk_live(w->desk, number);
	l->version = id;
	l->status = v->playbook->status;
	if (keep_family(w, l, v->playbook, e) != 0)
		return -1;
	if (created)
		log_info("published", "playbook=%s version=%.12s status=%d", v->playbook->name,
		    v->hash, v->playbook->status);
	return launch_publish(w, l, v, e);
}

/* Asks again about whatever a pause or a frozen account has held: the one is over, the
 * other is given another chance. */
static int
let_go(struct work *w, const struct live *l, struct err *e)
{
	int rc = playbook_let_go(w->store, l->number, e);

	if (rc <= 0)
		return rc;
	if (msg_let_go(w->store, l->number, w->now, e) != 0 ||
	    run_let_go(w->store, l->number, w->now, e) != 0)
		return -1;
	for (int c = 0; c < CHANNELS; c++)
		desk_due(w->desk, l->number, c, w->now);
	desk_wake(w->desk, w->now);
	return 0;
}

static int
note_correction(struct work *w, struct live *l, struct err *e)
{
	struct correction c;
	int rc = correction_get(w->store, l->number, &c, e);

	if (rc == 1) {
		l->correction = true;
		l->status = PLAYBOOK_ENDED;
	}
	return rc < 0 ? -1 : 0;
}

int
desk_correction(struct work *w, const char *name, struct err *e)
{
	int number;

	if (playbook_number(w->store, name, &number, e) != 0)
		return -1;
	note_playbook(w->desk, number, name);
	return note_correction(w, desk_live(w->desk, number), e);
}

int
desk_publish(struct work *w, struct err *e)
{
	struct desk *d = w->desk;

	/* Runs of a playbook whose file is gone are held, as under `paused`. */
	for (guint i = 0; i < d->lives->len; i++)
		g_array_index(d->lives, struct live, i).status = PLAYBOOK_PAUSED;
	if (playbook_each(w->store, note_playbook, d, e) != 0 ||
	    playbook_families(w->store, note_family, d, e) != 0 ||
	    control_share_note(w->store, w->now, w->cat->policy->control, e) != 0)
		return -1;
	for (guint i = 0; i < d->lives->len; i++)
		if (g_array_index(d->lives, struct live, i).version == 0) {
			struct live *l = &g_array_index(d->lives, struct live, i);

			l->status = PLAYBOOK_PAUSED;
			if (note_correction(w, l, e) != 0)
				return -1;
		}
	for (int i = 0; i < w->cat->n_versions; i++)
		if (publish_one(w, w->cat->versions[i], e) != 0)
			return -1;
	/* The quiet windows may be others now. */
	if (task_look_again(w->store, w->now, e) != 0 || version_needs(w->store, &d->needs, e) != 0)
		return -1;
	d->next_people = 0;
	for (guint i = 0; i < d->lives->len; i++) {
		const struct live *l = &g_array_index(d->lives, struct live, i);

		if (!live_stands(l) && let_go(w, l, e) != 0)
			return -1;
	}
	return desk_pauses(w, e);
}

int
desk_restate(struct work *w, struct live *l, enum playbook_status status, struct err *e)
{
	l->status = status;
	if (!live_stands(l) && let_go(w, l, e) != 0)
		return -1;
	return desk_pauses(w, e);
}

void
desk_forget(struct desk *d)
{
	for (guint i = 0; i < d->lanes->len; i++)
		g_array_index(d->lanes, struct lane, i).next = 0;
	d->next_wake = d->next_settle = d->next_people = 0;
	d->inbox_open = d->asked = true;
	/* Ids of versions that were not kept will be given out again. */
	g_hash_table_remove_all(d->versions);
}

void
desk_zone(struct desk *d, const char *tz)
{
	if (!g_hash_table_contains(d->zones, tz))
		g_hash_table_add(d->zones, g_strdup(tz));
}

/* Every message belongs to a lane: its playbook was published before. */
void
desk_due(struct desk *d, int playbook, int channel, ms_t at)
{
	struct lane *found = NULL;

	for (guint i = 0; i < d->lanes->len && found == NULL; i++) {
		struct lane *l = &g_array_index(d->lanes, struct lane, i);

		if (l->playbook == playbook && l->channel == channel)
			found = l;
	}
	CHECK(found != NULL);
	found->next = MIN(found->next, at);
}

void
desk_wake(struct desk *d, ms_t at)
{
	d->next_wake = MIN(d->next_wake, at);
}

void
desk_settle(struct desk *d, ms_t at)
{
	d->next_settle = MIN(d->next_settle, at);
}

void
desk_people(struct desk *d, ms_t at)
{
	d->next_people = MIN(d->next_people, at);
}

int64_t
desk_today(const struct work *w)
{
	struct local l;

	zone_local(w->cat->config->entity.zone, w->now, &l);
	return l.day;
}

ms_t
desk_after(const struct work *w, ms_t boot_duration)
{
	return w->now + (ms_t)((double)boot_duration * w->desk->speed);
}

int64_t
desk_portion(const struct work *w, int64_t limit, const char *name, int64_t period)
{
	return portion_of(limit, w->desk->portion, period + g_str_hash(name));
}

uint64_t
desk_draw(struct work *w, const char *use, const char *ext)
{
	struct crypt *key = w->desk->draw != NULL ? w->desk->draw : store_crypt(w->store);

	return (uint64_t)crypt_hmac64(key, use, ext, strlen(ext));
}
