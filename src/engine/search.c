#include "search.h"

#include <string.h>

#include "outcome.h"
#include "store/msg.h"

/* A company that makes more at a time than can be looked through keeps it open. */
#define CALLS 200

/* ---- one step ---- */

static void
copy(struct arena *a, const struct search *from, struct search *to)
{
	*to = *from;
	to->at = (struct search_at){ arena_strdup(a, from->at.cursor),
		arena_strdup(a, from->at.id), arena_strdup(a, from->at.clue) };
	to->next = arena_strdup(a, from->next);
	to->ours = arena_strdup(a, from->ours);
	to->rows = arena_array(a, struct search_row, MAX(from->n, 1));
	for (int i = 0; i < from->n; i++)
		to->rows[i] = (struct search_row){ arena_strdup(a, from->rows[i].id),
			from->rows[i].alike };
}

static struct intent *
step(struct work *w, const struct message *m, const struct account *acc,
    const struct search *s, struct err *e)
{
	struct intent *it = intent_question(w, m, acc, WISH_TOLD, e);

	if (it == NULL)
		return NULL;
	it->search = arena_new_of(it->arena, struct search);
	copy(it->arena, s, it->search);
	it->search->calls++;
	if (it->provider->search->request(acc, it->parcels, &it->search->at, w->now,
		it->arena, &it->request, e) == 0)
		return it;
	intent_free(it);
	return NULL;
}

struct intent *
search_begin(
    struct work *w, const struct message *m, const struct account *acc, struct err *e)
{
	static const struct search first = {
		.at = { "", "", "" }, .next = "", .ours = ""
	};

	return step(w, m, acc, &first, e);
}

/* ---- what it shows ---- */

/* 1: it has a message, through whichever account of the service; 0, -1. */
static int
known(struct work *w, const struct account *acc, const char *id, struct err *e)
{
	const struct config *cfg = w->cat->config;
	int64_t msg;
	int rc = 0;

	for (int i = 0; rc == 0 && i < cfg->n_accounts; i++)
		if (account_alike(&cfg->accounts[i], acc))
			rc = ref_find(w->store, cfg->accounts[i].name, id, &msg, e);
	return rc;
}

static int
turn_page(struct work *w, const struct account *acc, const struct search_found *found,
    struct search *s, struct err *e)
{
	s->rows = arena_array(w->arena, struct search_row, MAX(found->n, 1));
	s->n = 0;
	s->next = found->cursor;
	for (int i = 0; i < found->n; i++) {
		int rc = known(w, acc, found->rows[i].id, e);

		if (rc < 0)
			return -1;
		if (rc == 0)
			s->rows[s->n++] = found->rows[i];
	}
	return 0;
}

/* One was asked about, and is off the list. */
static void
asked(struct search *s, enum search_shown what)
{
	const struct search_row *row = &s->rows[0];

	if (what == SEARCH_OURS && row->alike && *s->ours == '\0')
		s->ours = row->id;
	else if (what != SEARCH_OTHER)
		s->doubt = true;
	s->rows++;
	s->n--;
}

/* Where to look next; false: everywhere has been looked. */
static bool
move_on(struct search *s)
{
	if (s->n == 0 && *s->next == '\0')
		return false;
	if (s->n > 0)
		s->at = (struct search_at){ s->at.cursor, s->rows[0].id, "" };
	else
		s->at = (struct search_at){ s->next, "", "" };
	return true;
}

static int
conclude(struct work *w, const struct message *m, const struct search *s, struct err *e)
{
	struct answer a = { .outcome = *s->ours == '\0' ? OUTCOME_REFUSED_RETRY
							: OUTCOME_ACCEPTED };

	g_strlcpy(a.provider_id, s->ours, sizeof(a.provider_id));
	return s->doubt ? 0 : outcome_query(w, m->id, m->token, &a, e);
}

/* 1: there is more to ask, 0: no; -1. */
static int
learn(struct work *w, const struct account *acc, const struct search_found *found,
    struct search *s, struct err *e)
{
	if (found->what == SEARCH_PAGE) {
		if (turn_page(w, acc, found, s, e) != 0)
			return -1;
	} else if (found->what == SEARCH_CLUE) {
		s->at.clue = found->clue;
		return 1;
	} else if (*s->at.id != '\0') {
		asked(s, found->what);
	} else {
		s->doubt = true;
		return 0;
	}
	return move_on(s);
}

int
search_told(struct work *w, const struct intent *it, const struct search_found *found,
    struct intent **next, struct err *e)
{
	const struct account *acc;
	struct search s;
	struct message m;
	int rc = msg_get(w->store, it->parcels[0].msg, &m, e);

	*next = NULL;
	if (rc != 1 || m.state != MSG_UNKNOWN || m.token != it->token)
		return rc < 0 ? -1 : 0;
	/* Of the settings now in force; the call had those of before. */
	acc = outcome_account(w, m.account);
	if (acc == NULL || provider_find(acc->type) != it->provider)
		return 0;
	copy(w->arena, it->search, &s);
	if ((rc = learn(w, acc, found, &s, e)) < 0)
		return -1;
	if (rc == 0)
		return conclude(w, &m, &s, e);
	/* What is in doubt stays so, whatever else is found. */
	if (s.doubt || s.calls >= CALLS)
		return 0;
	*next = step(w, &m, acc, &s, e);
	return *next != NULL || e->kind == ERR_NONE ? 0 : -1;
}
