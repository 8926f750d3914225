#include "outlet_alarm.h"

#include <string.h>

#include "store/event.h"

#define KIND "frozen"

struct news {
	char *account, *text; /* text NULL: over */
};

static void
news_free(gpointer p)
{
	struct news *n = p;

	g_free(n->account);
	g_free(n->text);
	g_free(n);
}

/* Alarms are kept by kind and number: the account's name stands for one. */
static int
run(struct task *t, struct work *w, struct err *e)
{
	const struct news *n = t->data;
	int64_t key = crypt_hmac64(
	    store_crypt(w->store), "alarm.account", n->account, strlen(n->account));

	if (alarm_drop(w->store, KIND, key, e) != 0)
		return -1;
	return n->text == NULL ? 0
			       : alarm_add(w->store, w->now, KIND, key, 0, n->text, e);
}

static void
tell(struct engine *en, const char *account, char *text)
{
	struct news *n = g_new0(struct news, 1);

	n->account = g_strdup(account);
	n->text = text;
	task_start_repeatable(task_new(en, run, NULL, n, news_free));
}

void
outlet_alarm(struct engine *en, const char *account, enum freeze cause, const char *code)
{
	if (cause == FREEZE_DISTRUSTED) {
		tell(en, account,
		    g_strdup_printf("account %s is frozen: mailboxes refuse its mails with code "
				    "%s, for its domain does not prove itself (SPF, DKIM, DMARC); "
				    "its messages wait. See what is missing (reachd check-dns), "
				    "set it right, then reachd reload",
			account, code));
		return;
	}
	tell(en, account,
	    cause == FREEZE_REFUSED
		? g_strdup_printf(
		      "account %s is frozen: its provider refuses it with code %s; its "
		      "messages "
		      "wait. Set it right (reachd provider probe %s), then reachd reload",
		      account, code, account)
		: g_strdup_printf("account %s is frozen: its provider has answered %d "
				  "times running with "
				  "code %s, which reachd does not know; those messages "
				  "may have gone and are "
				  "not sent again, the others wait. Look the code up in "
				  "the provider's papers, "
				  "set the account right (reachd provider probe %s), "
				  "then reachd reload",
		      account, DOUBTS_MAX, code, account));
}

void
outlet_alarm_over(struct engine *en, const char *account)
{
	tell(en, account, NULL);
}
