/* engine.h - the daemon without its outside: everything between a world and a store.
 *
 * engine_new() sets up, engine_start() recovers what a crash left and begins to
 * plan and send; all calls and callbacks are on the loop thread. A request's
 * callback comes exactly once, after the commit that makes its effect durable,
 * never from inside the call. Strings handed to a callback are borrowed for its
 * duration. Nothing here reads a clock or opens a socket: the world does. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/world.h"
#include "core/portion.h"
#include "provider/provider.h"
#include "spec/catalog.h"

struct engine;

/* A message handed over, or a verdict that changed. */
struct engine_touch {
	ms_t at;
	int64_t msg, run;
	const char *customer;  /* ext id */
	const char *playbook, *step, *template_, *variant;
	int occ, channel, state, reason;
	bool by_person;        /* somebody called, or was to send it by hand */
	const char *text;      /* when it was handed over, else "" */
	int segments;
	double cost;
	const char *rule, *file; /* of a verdict */
	int line;
	const char *detail;
	ms_t next;
};

/* What happened, for the simulator, the rehearsal and the live summary. Called on
 * the loop thread after the commit. NULL functions are skipped. */
struct engine_watch {
	void (*touch)(void *arg, const struct engine_touch *t);
	void *arg;
};

struct engine_options {
	/* Reads a set that was kept, with the configuration of this machine as it is now;
	 * NULL: what is published is not kept (rehearsals, the simulator). */
	struct catalog *(*revive)(void *arg, const char *content, size_t len, bool playbooks,
	    struct report *r);
	struct world *world;
	struct catalog *catalog; /* first set, taken over */
	/* Reads the set again, for a reload. Both are called on another thread than the loop:
	 * of arg they read what never changes. */
	struct catalog *(*load)(void *arg, struct report *r);
	void *load_arg;
	const char *flight_path; /* NULL: no flight log (rehearsal) */
	const char *nightly; /* folder of nightly files, WHAT-SOURCE*.csv; NULL: none */
	struct engine_watch watch;
	const uint8_t *draw_key; /* CRYPT_KEY bytes by which customers fall into arms and control
				    groups; NULL: the store's */
	struct house_part
	    portion;    /* of limits that the whole house shares; {0}: all of them */
	bool rehearsal; /* no links, no secrets: codes and references are derived */
};

struct engine *engine_new(const struct engine_options *o);
/* Epoch, recovery, publish, then work begins; ready(arg, err) when it has. */
void engine_start(struct engine *en, void (*ready)(void *arg, const struct err *e), void *arg);
/* No new T2; calls under way end or time out; then stopped(arg). */
void engine_stop(struct engine *en, void (*stopped)(void *arg), void *arg);
void engine_free(struct engine *en);
struct world *engine_world(struct engine *en);
const struct catalog *engine_catalog(struct engine *en); /* current; ref it to keep it */

/* ---- requests ---- */

/* Answer of a request that ends in JSON: HTTP-like status and body. */
typedef void engine_answer(void *arg, int status, const char *json);

/* ---- pages of a list ---- */

#define ENGINE_PAGE 500
#define ENGINE_PAGE_AFTER 2048 /* bytes of "next" at most: some are made of names */
/* At most `limit` (0: what the list gives by itself; never more than ENGINE_PAGE) of what
 * comes after `after`, "" from the start: the text that the page before gave as "next". NULL
 * is the first page. Answers of lists may be 400, too. */
struct engine_page {
	int limit;
	const char *after; /* borrowed for the call */
};

/* ---- who asks ---- */

/* Borrowed for the call. */
struct engine_who {
	const char *name; /* "" nobody we know */
	int role;         /* enum staff_role */
	unsigned rights;  /* enum right */
	const char *const *stores; /* NULL-terminated ids; NULL or none: every one */
	const char *token;         /* its id; "" none */
};

/* Whose token it is; NULL, or why it opens nothing. Strings last until the next call. */
const char *engine_token(struct engine *en, const char *secret, struct engine_who *out);
/* {"name", "role", "stores", "days", "scope"}: 201 with the token, shown this once; 422. */
void engine_token_new(struct engine *en, const struct engine_who *who, const char *body,
    size_t len, engine_answer *cb, void *arg);
void engine_token_revoke(struct engine *en, const struct engine_who *who, const char *id,
    engine_answer *cb, void *arg);
void engine_tokens(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg);
/* Corrections that wait for somebody else: {"corrections": [...]}. */
void engine_corrections(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg);
/* What people decided, newest first. */
void engine_audit(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg);
/* Keeps on record what somebody does; no answer. */
void engine_note(struct engine *en, const struct engine_who *who, const char *act,
    const char *about, const char *why);

/* Is it within what he sees: his stores, and for some roles his own customers? The answer
 * is 200, 404, 503. */
enum engine_thing { ENGINE_CUSTOMER, ENGINE_TASK, ENGINE_OFFER };
void engine_within(struct engine *en, const struct engine_who *who,
    enum engine_thing what, const char *key, engine_answer *cb, void *arg);
/* An answer, without the members of its list whose "customer" is not. */
void engine_within_list(struct engine *en, const struct engine_who *who,
    const char *json, const char *list, engine_answer *cb, void *arg);

/* ---- publications ---- */

/* What is in force, what waits, what was decided lately; the waiting one in whole: its
 * difference from what is in force. */
void engine_publications(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg);
void engine_publication(
    struct engine *en, const char *hash, engine_answer *cb, void *arg);
/* Somebody's yes or no to exactly this hash. confirm: so many due messages are meant. 200,
 * 403, 404, 409, 422. One publication at a time: 409. */
void engine_publication_answer(struct engine *en, const struct engine_who *who,
    const char *hash, bool yes, const char *why, int64_t confirm, engine_answer *cb,
    void *arg);

/* POST /v1/events: body as received. key is the Idempotency-Key, never NULL.
 * 201 new, 200 seen, 202 parked (customer not known yet), 400, 404, 409, 422, 503.
 * trusted_now: events of our own world may be of any time. */
void engine_event(struct engine *en, const char *key, const char *body, size_t len,
    engine_answer *cb, void *arg);

/* What a provider posted, already verified and parsed. 200 after the commit, else 503. */
void engine_receipts(struct engine *en, const struct account *acc, const struct receipt *r, int n,
    engine_answer *cb, void *arg);

/* A provider posted that there is something to be asked for, with this ticket. What is not
 * asked for in this life is in the next: nothing need be kept of it. */
void engine_news(struct engine *en, const struct account *acc, const char *ticket);

/* What was fetched from an address within a day; NULL: nothing. */
const char *engine_fetched(struct engine *en, const char *url);
/* Fetches it, by https alone unless it is for an internal account; cb comes later. false:
 * it will not be fetched, cb never comes. */
bool engine_fetch(struct engine *en, const char *url, bool internal, void (*cb)(void *arg, bool there), void *arg);

/* A tracked link or the open pixel was fetched. */
struct engine_hit {
	const char *code;   /* of a link, or NULL */
	const char *ref;    /* of a pixel, or NULL */
	bool head;
	const char *agent;  /* User-Agent */
};
/* status 302 and the target in `json` (plain text), 404, 410. The hit is stored
 * after the answer: a link must work when the database is busy. */
void engine_hit(struct engine *en, const struct engine_hit *hit, engine_answer *cb, void *arg);

/* One-click unsubscribe and the form behind the link: ref of the message. 200, 404, 503. */
void engine_unsubscribe(struct engine *en, const char *ref, engine_answer *cb, void *arg);

/* Reads, checks and swaps in the set; 200, or 422 with the mistakes as text. It is read
 * beside the loop; while somebody's is, another is answered with 409. */
void engine_reload(struct engine *en, engine_answer *cb, void *arg);
/* The same by itself, at a start, when a file was saved or a signal came: while another set is being
 * published it waits for its end, and an order waits for its. Of several that wait one is
 * read, somebody's order or the last; the others are answered with 409. */
void engine_reload_next(struct engine *en, engine_answer *cb, void *arg);

/* The same by somebody: he answers for what is published, and does not agree to it. What
 * wants the yes of others waits: 202 with its hash. who NULL: whoever owns the files. by:
 * whom he acts for, "" himself; neither of them may agree then. What would make more
 * messages due within the hour than the policy's `confirm` is refused with 409 and
 * {"confirm": N} unless it is at most `confirm`. One publication at a time: 409. */
void engine_reload_by(struct engine *en, const struct engine_who *who, const char *by,
    int64_t confirm, engine_answer *cb, void *arg);

void engine_status(struct engine *en, engine_answer *cb, void *arg);
void engine_why(struct engine *en, const char *ext, engine_answer *cb, void *arg);

/* A report (store/reports.h): words as they came, "" for what was left out. 200 with the
 * sheet, 404 for a report or a dimension there is not, 422, 503. */
struct engine_sheet {
	const char *name, *by, *from, *to;
	/* Whoever waits no longer than so many seconds (0: until it is counted) is told 202
	 * with {"ticket","share","rows","ahead"}, and asks again with the ticket. */
	int wait;
	int64_t ticket; /* 0: a new question, or one that is just being counted */
};
void engine_sheet(
    struct engine *en, const struct engine_sheet *q, engine_answer *cb, void *arg);
/* The same for who holds the database alone; the clock says now. NULL with err. */
struct catalog;
struct sheet;
struct store;
struct sheet *engine_sheet_alone(const struct catalog *cat, struct store *s,
    const struct engine_sheet *q, ms_t now, struct err *e);
/* The table of reports as JSON; free(). */
char *engine_sheet_list(void);

/* Messages before a person (`on_unknown: park`), and what he says became of one: word is
 * "sent" or "lost"; 200, 404, 422 when it does not wait for him, 503. */
void engine_parked(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg);
void engine_settle(struct engine *en, const char *id, const char *word, engine_answer *cb,
    void *arg);
/* Offers of a state ("": any) and this month's quotas, newest first. */
void engine_offers(struct engine *en, const char *state, const struct engine_page *page,
    engine_answer *cb, void *arg);
/* verb: approve, refuse, redeem. by: a person, who is not the one that asked; level: none,
 * manager, general-manager. 200, 400, 403, 404, 409. */
void engine_offer_answer(struct engine *en, int64_t id, const char *verb, const char *by,
    const char *level, engine_answer *cb, void *arg);
/* Somebody asks for an offer for a customer, or gives it when he may: 201, 400, 404, 409. */
void engine_offer_ask(struct engine *en, const char *ext, const char *name, const char *by,
    const char *level, engine_answer *cb, void *arg);

/* What works here and what does not (provider/doctor.h), with when each account was last
 * heard of: "last_receipt", "last_reply". */
void engine_doctor(struct engine *en, engine_answer *cb, void *arg);

/* ---- registered texts ---- */

/* {"account": NAME or type, "rows": [{"code", "text", "status", "signature"}]}: taken whole
 * or not at all: 200, 400, 404, 422. */
void engine_registry_take(
    struct engine *en, const char *body, size_t len, engine_answer *cb, void *arg);
/* All of them, with which of our templates go by each; codes nobody has told us of. */
void engine_registry(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg);

/* ---- contacts in WeCom ---- */

/* {"contacts", "matched", "rates": a sheet by member and store, "unmatched": [...]}:
 * those matched to nobody, 50 at a time, with who it might be. */
void engine_contacts(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg);
/* Somebody says who a contact is (the dealer's id; "": not whom it is matched to), which stays
 * on record: 200, 404, 409. */
void engine_contact_match(struct engine *en, const struct engine_who *who, int64_t id,
    const char *customer, engine_answer *cb, void *arg);

/* ---- tasks ---- */

/* Live tasks, the most urgent first: {"tasks": [...]}; to: of that person or role, ""
 * everybody's. Phone numbers are masked. */
void engine_tasks(struct engine *en, const char *to, const struct engine_page *page,
    engine_answer *cb, void *arg);
/* One task for whoever does it: script, outcomes, the customer's story. 200, 404. */
void engine_task(struct engine *en, int64_t id, engine_answer *cb, void *arg);
/* For a program that works through them: {"tasks": [{"id", "tries"}]} of everybody in the
 * same order; {"state", "customer", "outcomes"} of one. */
void engine_tasks_brief(struct engine *en, engine_answer *cb, void *arg);
void engine_task_brief(struct engine *en, int64_t id, engine_answer *cb, void *arg);
/* What was done; "" for what is not told. 200, 404, 409, 422. */
struct engine_report {
	const char *outcome, *cause, *observed, *note, *by;
};
void engine_task_done(struct engine *en, int64_t id, const struct engine_report *r,
    engine_answer *cb, void *arg);
void engine_task_withdraw(struct engine *en, int64_t id, engine_answer *cb, void *arg);

/* Somebody is away on those days ("" deputy: as it is): 200 with all that it moves to whom,
 * 404, 422. */
struct engine_leave {
	const char *name, *deputy;
	struct date from, to;
};
void engine_staff_leave(
    struct engine *en, const struct engine_leave *l, engine_answer *cb, void *arg);

/* Counts of the named segments, of one, or with "" of all. */
void engine_segments(struct engine *en, const char *name, engine_answer *cb, void *arg);

/* What the customers after an id make of the set on disk, some thousands at a time: 200 with
 * counts to be added up and "after", null at the end; 422 when the set has mistakes. */
void engine_census(struct engine *en, int64_t after, engine_answer *cb, void *arg);

/* Moves runs of older versions to the newest: {"playbook", "map": {old: new}, "dry_run"};
 * 200 with where runs stand and go, begun unless dry_run; 404, 409, 422. And how far it
 * is. */
void engine_migrate(struct engine *en, const char *body, size_t len, engine_answer *cb,
    void *arg);
void engine_migration(struct engine *en, const char *playbook, engine_answer *cb, void *arg);

/* What a person orders by hand: hold, go, recall, correct,
 * correct-agree, undo-event, undo-tag, undo-stage,
 * undo-optout, undo-optouts, forecast; the body is a JSON object. 200, 202, 400, 403, 404, 409, 422, 503. */
void engine_hand_by(struct engine *en, const struct engine_who *who, const char *order,
    const char *body, size_t len, engine_answer *cb, void *arg);
void engine_hand(struct engine *en, const char *order, const char *body, size_t len,
    engine_answer *cb, void *arg);

/* A text to one's own people: {"what": template or playbook, "to": staff or address,
 * "customer": whom it is filled in for, "now": true, "by"}. A playbook: its "texts". */
void engine_testsend(struct engine *en, const char *body, size_t len, engine_answer *cb,
    void *arg);

/* How a file is to be taken; NULL or "" where nothing is said. */
struct import_how {
	bool dry_run;  /* says what would change, and changes nothing */
	bool save_map; /* keeps how the columns were taken, for this source */
	bool history;  /* appointments make no events */
	bool sure;     /* though it looks like a file of another kind */
	const char *source;   /* whose file it is, as "dms"; default "file" */
	const char *map;      /* JSON: {"heading": "field" | "attribute" | "-"} */
	const char *basis;    /* of consent: none, service, marketing */
	const char *evidence; /* of marketing consent: form, date, who answers for it */
};
/* Imports a file already durable in the state directory; lines of progress as NDJSON
 * through `line` (NULL: nobody looks), then cb with the report. The file is removed at the
 * end. how NULL: nothing is said. */
void engine_import(struct engine *en, const char *what, const char *path,
    const struct import_how *how, void (*line)(void *arg, const char *json), engine_answer *cb,
    void *arg);
/* Puts back what a batch changed, where nothing has changed it since. 200, 404, 409, 422. */
void engine_import_undo(struct engine *en, int64_t batch, engine_answer *cb, void *arg);
/* Batches, newest first; the rows that were no good. */
void engine_batches(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg);
void engine_quality(
    struct engine *en, const struct engine_page *page, engine_answer *cb, void *arg);

/* B turns out to be A, or does not after all; dry_run only says what would become of it. */
void engine_merge(struct engine *en, const char *a, const char *b, bool dry_run,
    engine_answer *cb, void *arg);
void engine_unmerge(
    struct engine *en, const char *b, bool dry_run, engine_answer *cb, void *arg);

/* A member of staff tells that he answered, with his words or "": 200, 400, 404. */
void engine_answered(struct engine *en, const char *ext, const char *channel,
    const char *text, engine_answer *cb, void *arg);
/* Everything told about a customer goes; counts and keyed opt-outs stay: 200 with a receipt,
 * 404. */
/* Who belongs with a customer, shown or set. "" leaves a field, "-" empties it; driver: of
 * the vehicle (id, VIN or plate), which is his. 200, 404, 422. */
struct engine_ties {
	const char *kind, *contact, *contact_name, *household, *vehicle, *driver;
};
void engine_ties(struct engine *en, const char *ext, engine_answer *cb, void *arg);
void engine_ties_set(struct engine *en, const char *ext, const struct engine_ties *t,
    engine_answer *cb, void *arg);

/* A customer's telephones: 200 with the list as it is now, tokens masked, and an "etag" of
 * it; 404. */
#define ENGINE_DEVICES 16
struct engine_device {
	const char *token, *platform, *app_version;
	const char *vendor; /* "": of ios apple, else not known */
};
void engine_devices(struct engine *en, const char *ext, engine_answer *cb, void *arg);
/* These and no others; the first is his push address. match: the etag of what is replaced,
 * "*" whatever it is; 412 when it is another by now. */
void engine_devices_set(struct engine *en, const char *ext, const char *match,
    const struct engine_device *list, int n, engine_answer *cb, void *arg);

void engine_erase(struct engine *en, const char *ext, engine_answer *cb, void *arg);

/* Counters as Prometheus text. */
char *engine_metrics(struct engine *en); /* g_free */

/* Stops all sending for a cause ("clock", "disk", "operator"), or lets it go on. */
void engine_freeze(struct engine *en, const char *cause);
void engine_thaw(struct engine *en, const char *cause);

#endif
