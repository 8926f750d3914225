#include "recover.h"

#include <string.h>

#include "access.h"
#include "base/log.h"
#include "outcome.h"
#include "publish.h"
#include "store/msg.h"
#include "store/publication.h"
#include "vitals.h"

/* Two tasks: the identity of this life, committed by itself; then what the
 * earlier one left, judged with its flight log. */
struct recovery {
	void (*done)(struct engine *en, void *arg, const struct err *e);
	void *arg;
	GPtrArray *keys;    /* tokens */
	char *hash, *content; /* of the set in force; NULL: none was ever published */
	GHashTable *flight; /* NULL: not to be believed */
	int64_t flight_epoch;
	int back, answered, unknown;
};

static void
recovery_free(struct recovery *r)
{
	if (r->flight != NULL)
		g_hash_table_unref(r->flight);
	g_ptr_array_unref(r->keys);
	g_free(r->hash);
	g_free(r->content);
	g_free(r);
}

static void
fail(struct engine *en, struct recovery *r, const struct err *e)
{
	r->done(en, r->arg, e);
	recovery_free(r);
}

/* ---- second ---- */

static int
stranded(struct work *w, struct recovery *r, struct message *m, struct err *e)
{
	struct answer a = { .outcome = OUTCOME_UNKNOWN };
	const struct flight_record *f = NULL;

	g_strlcpy(a.perr, "restart", sizeof(a.perr));
	if (r->flight != NULL && m->epoch == r->flight_epoch) {
		f = g_hash_table_lookup(r->flight, &m->token);
		if (f == NULL)
			a.outcome = OUTCOME_NOT_WRITTEN;
	}
	if (f != NULL && f->answered) {
		int64_t ids[PARCELS_MAX];
		int n = request_members(w->store, m->token, ids, PARCELS_MAX, e), i = 0;

		if (n < 0)
			return -1;
		while (i < n && ids[i] != m->id)
			i++;
		/* a call with one recipient has no list of members */
		if (n == 0 && f->n == 1)
			a = f->answers[0];
		else if (i < n && i < f->n)
			a = f->answers[i];
	}
	r->back += a.outcome == OUTCOME_NOT_WRITTEN;
	r->answered += a.outcome != OUTCOME_NOT_WRITTEN && a.outcome != OUTCOME_UNKNOWN;
	r->unknown += a.outcome == OUTCOME_UNKNOWN;
	return outcome_apply(w, m->id, m->token, &a, false, e);
}

static void
note_zone(void *arg, const char *tz)
{
	desk_zone(arg, tz);
}

static int
recover_run(struct task *t, struct work *w, struct err *e)
{
	struct recovery *r = t->data;
	struct message m;
	int64_t cursor = 0;
	int rc;

	w->desk->inbox_open = true; /* until somebody has looked */
	if (r->hash == NULL && publish_first(w, t->en, e) != 0)
		return -1;
	if (desk_publish(w, e) != 0 || customer_zones(w->store, note_zone, w->desk, e) != 0)
		return -1;
	while ((rc = msg_stranded(w->store, w->desk->epoch, &cursor, &m, e)) == 1)
		if (stranded(w, r, &m, e) != 0)
			return -1;
	return rc;
}

static void
recover_done(struct task *t, const struct err *e)
{
	struct recovery *r = t->data;
	struct engine *en = t->en;
	struct err own = { 0 };

	if (e != NULL) {
		fail(en, r, e);
		return;
	}
	if (en->options.flight_path != NULL) {
		en->flight = flight_open(
		    en->world, en->options.flight_path, en->db_id, en->epoch, &own);
		if (en->flight == NULL) {
			err_wrap(&own, "flight log");
			fail(en, r, &own);
			return;
		}
	}
	if (r->back + r->answered + r->unknown > 0)
		log_warn("recovered", "not_written=%d answered=%d unknown=%d", r->back, r->answered,
		    r->unknown);
	r->done(en, r->arg, NULL);
	recovery_free(r);
}

/* ---- first ---- */

static int
note_in_force(struct recovery *r, struct work *w, struct err *e)
{
	struct publication p;
	int rc = publication_now(w->store, PUBLICATION_IN_FORCE, &p, e);

	g_free(r->hash);
	g_free(r->content);
	r->hash = rc == 1 ? g_strdup(p.hash) : NULL;
	r->content = rc == 1 ? g_strdup(p.content) : NULL;
	return rc < 0 ? -1 : 0;
}

static int
identity_run(struct task *t, struct work *w, struct err *e)
{
	struct engine *en = t->en;
	uint8_t raw[16];
	char hex[33];

	if (store_meta_get(w->store, "db_id", en->db_id, sizeof(en->db_id), e) != 0)
		return -1;
	if (*en->db_id == '\0') {
		w->world->secret(w->world, raw, sizeof(raw));
		g_strlcpy(en->db_id, crypt_hex(raw, sizeof(raw), hex), sizeof(en->db_id));
		if (store_meta_set(w->store, "db_id", en->db_id, e) != 0)
			return -1;
	}
	if (vitals_read(w, &en->steady.mark, e) != 0 || note_in_force(t->data, w, e) != 0 ||
	    access_keys_read(w, ((struct recovery *)t->data)->keys, e) != 0)
		return -1;
	return store_epoch_next(w->store, w->world->boot_id, &w->desk->epoch, e);
}

static void
identity_done(struct task *t, const struct err *e)
{
	struct recovery *r = t->data;
	struct engine *en = t->en;
	struct err own = { 0 };

	if (e != NULL) {
		fail(en, r, e);
		return;
	}
	en->epoch = en->desk->epoch;
	g_ptr_array_unref(en->keyring);
	en->keyring = g_ptr_array_ref(r->keys);
	if (publish_resume(en, r->hash, r->content, &own) != 0) {
		fail(en, r, &own);
		return;
	}
	if (en->options.flight_path != NULL)
		r->flight = flight_read(
		    en->world, en->options.flight_path, en->db_id, &r->flight_epoch);
	task_start(task_new(en, recover_run, recover_done, r, NULL));
}

void
recover_start(struct engine *en, void (*done)(struct engine *en, void *arg, const struct err *e),
    void *arg)
{
	struct recovery *r = g_new0(struct recovery, 1);

	r->done = done;
	r->keys = access_keys_new();
	r->arg = arg;
	task_start(task_new(en, identity_run, identity_done, r, NULL));
}
