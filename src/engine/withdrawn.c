#include "withdrawn.h"

#include <string.h>

#include "base/log.h"
#include "compose.h"
#include "outcome.h"
#include "store/event.h"

#define KIND "withdrawn"

/* Alarms are kept by kind and number. */
static int64_t
key_of(struct work *w, const struct withdrawn *d)
{
	const char *name =
	    arena_printf(w->arena, "%s\n%s\n%s", d->account, d->code, d->signature);

	return crypt_hmac64(store_crypt(w->store), "alarm.withdrawn", name, strlen(name));
}

static const char *
told(struct work *w, const struct withdrawn *d)
{
	if (*d->code == '\0')
		return arena_printf(w->arena,
		    "%s no longer takes the signature %s: code %s; its messages go "
		    "another way "
		    "or wait. When it is approved there: reachd template approve "
		    "--signature %s "
		    "--account %s",
		    d->account, d->signature, d->perr, d->signature, d->account);
	return arena_printf(w->arena,
	    "%s no longer takes the text %s under the signature %s: code %s; its "
	    "messages go "
	    "another way or wait. When it is approved there: reachd template approve %s "
	    "--account %s",
	    d->account, d->code, d->signature, d->perr, d->code, d->account);
}

int
withdrawn_note(
    struct work *w, const struct message *m, const struct answer *a, struct err *e)
{
	struct withdrawn d = { .account = m->account, .perr = a->perr, .at = w->now };
	struct composed c;
	size_t len;
	char *body;
	int rc = msg_body(w->store, m->id, &body, &len, e);

	if (rc < 0)
		return -1;
	if (rc == 0 || compose_thaw(w->arena, body, len, &c) != 0 || c.coded == NULL)
		return 0;
	d.code = a->no_signature ? "" : c.coded->code;
	d.signature = c.signature;
	if ((rc = withdrawn_add(w->store, &d, e)) != 1)
		return rc;
	log_warn(
	    "withdrawn", "account=%s template=%s code=%s", d.account, d.code, d.perr);
	return alarm_add(w->store, w->now, KIND, key_of(w, &d), 0, told(w, &d), e);
}

struct found {
	struct work *w;
	const char *place, *code, *signature;
	GArray *list;
};

static void
note(void *arg, const struct withdrawn *d)
{
	struct found *f = arg;
	const struct account *acc = outcome_account(f->w, d->account);

	if ((strcmp(d->account, f->place) == 0 ||
		(acc != NULL && strcmp(acc->type, f->place) == 0)) &&
	    strcmp(d->code, f->code) == 0 &&
	    (*f->signature == '\0' || strcmp(d->signature, f->signature) == 0))
		g_array_append_val(f->list, *d);
}

int
withdrawn_over(struct work *w, const char *place, const char *code, const char *signature,
    struct err *e)
{
	struct found f = { w, place, code, signature,
		g_array_new(FALSE, FALSE, sizeof(struct withdrawn)) };
	int rc = withdrawn_each(w->store, note, &f, e), n = (int)f.list->len;

	for (int i = 0; rc == 0 && i < n; i++) {
		const struct withdrawn *d = &g_array_index(f.list, struct withdrawn, i);

		if (withdrawn_drop(w->store, d, e) != 0 ||
		    alarm_drop(w->store, KIND, key_of(w, d), e) != 0)
			rc = -1;
	}
	g_array_unref(f.list);
	return rc == 0 ? n : -1;
}
