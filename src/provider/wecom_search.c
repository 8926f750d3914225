/* wecom_search.c - did add_msg_template make a task, when its answer was lost?
 *
 * The service lists what was made in a span of time (get_groupmsg_list_v2), with its text but
 * without who is to have it, and not who made it: `creator` is left out of what came by the
 * API. So each one of the time is asked about: who sends it (get_groupmsg_task), and to whom
 * (get_groupmsg_send_result). Ours has one sender and one customer.
 *
 * That there is none proves something only once our call can no longer be taken. It carries no
 * time of its own, but a token, which is refused after two hours at the latest: so long is
 * waited. That a text comes back as it was sent is not documented: white space and width do not
 * count, and one for our customer in other words leaves it open. */
#include <string.h>

#include "wecom.h"

#define LIMIT 100 /* the most the service gives */
#define ID_MAX 128
#define CURSOR_MAX 1024
#define SLACK (10 * MS_MINUTE) /* between their clock and ours */
#define SPAN (30 * MS_DAY)     /* the longest they list */

static int
search_request(const struct account *acc, const struct parcel *p,
    const struct search_at *at, ms_t now, struct arena *a, struct provider_request *out,
    struct err *e)
{
	ms_t from = p->begun_at - SLACK, to = MIN(now + SLACK, from + SPAN);
	const char *call = "get_groupmsg_list_v2";
	json_t *j;

	(void)e;
	if (*at->id == '\0') {
		j = json_pack("{ss sI sI si si}", "chat_type", "single", "start_time",
		    (json_int_t)(from / MS_SECOND), "end_time",
		    (json_int_t)(to / MS_SECOND), "filter_type", 2, "limit", LIMIT);
		if (*at->cursor != '\0')
			json_object_set_new(j, "cursor", json_string(at->cursor));
	} else if (*at->clue == '\0') {
		call = "get_groupmsg_task";
		j = json_pack("{ss si}", "msgid", at->id, "limit", LIMIT);
	} else {
		call = "get_groupmsg_send_result";
		j = json_pack(
		    "{ss ss si}", "msgid", at->id, "userid", at->clue, "limit", LIMIT);
	}
	wire_json(out, a,
	    wecom_call(acc, a, arena_printf(a, "/cgi-bin/externalcontact/%s", call)), j);
	return 0;
}

/* ---- the list ---- */

static const char *
next_shown(const char *s)
{
	while (*s != '\0' && g_unichar_isspace(g_utf8_get_char(s)))
		s = g_utf8_next_char(s);
	return s;
}

static bool
same_words(const char *a, const char *b)
{
	char *x = g_utf8_normalize(a, -1, G_NORMALIZE_ALL_COMPOSE),
	     *y = g_utf8_normalize(b, -1, G_NORMALIZE_ALL_COMPOSE);
	const char *s = x == NULL ? "" : next_shown(x),
		   *t = y == NULL ? "" : next_shown(y);
	bool same;

	while (*s != '\0' && g_utf8_get_char(s) == g_utf8_get_char(t)) {
		s = next_shown(g_utf8_next_char(s));
		t = next_shown(g_utf8_next_char(t));
	}
	same = *s == '\0' && *t == '\0';
	g_free(x);
	g_free(y);
	return same;
}

/* A number, in their examples also as text; false: none. */
static bool
whole(const json_t *j, const char *name, int64_t *out)
{
	const json_t *v = json_object_get(j, name);

	*out = json_is_string(v) ? g_ascii_strtoll(json_string_value(v), NULL, 10)
				 : json_integer_value(v);
	return json_is_integer(v) || *out > 0;
}

/* What a member made himself is not ours, unless it has our words. */
static bool
may_be_ours(const json_t *j, const struct parcel *p, struct search_row *out)
{
	const char *text =
	    json_string_value(json_object_get(json_object_get(j, "text"), "content"));
	int64_t made, by_whom;

	out->alike = text != NULL && same_words(text, p->text);
	if (whole(j, "create_time", &made) && made * MS_SECOND < p->begun_at - SLACK)
		return false;
	return out->alike || !whole(j, "create_type", &by_whom) || by_whom != 1;
}

/* false: there is one that cannot be asked about. */
static bool
read_list(
    const json_t *list, const struct parcel *p, struct arena *a, struct search_found *out)
{
	size_t size = json_array_size(list);

	out->rows = arena_array(a, struct search_row, (int)size + 1);
	for (size_t i = 0; i < size; i++) {
		const json_t *row = json_array_get(list, i);
		const char *id = json_string_value(json_object_get(row, "msgid"));

		if (!may_be_ours(row, p, &out->rows[out->n]))
			continue;
		if (id == NULL || *id == '\0' || strlen(id) >= ID_MAX)
			return false;
		out->rows[out->n++].id = arena_strdup(a, id);
	}
	return json_is_array(list);
}

/* ---- one of it ---- */

/* The only one of a list; NULL: there are none yet, or *many. */
static const char *
only(const json_t *j, const char *list, const char *name, bool *many)
{
	const json_t *rows = json_object_get(j, list);
	const char *more = json_string_value(json_object_get(j, "next_cursor")), *s;

	*many = json_array_size(rows) > 1 ||
		(json_array_size(rows) == 1 && more != NULL && *more != '\0');
	s = json_string_value(json_object_get(json_array_get(rows, 0), name));
	return *many || s == NULL || *s == '\0' ? NULL : s;
}

static enum search_shown
read_one(const json_t *j, const struct parcel *p, const struct search_at *at,
    struct arena *a, struct search_found *out)
{
	bool who = *at->clue == '\0', many;
	const char *s = who ? only(j, "task_list", "userid", &many)
			    : only(j, "send_list", "external_userid", &many);

	if (many)
		return SEARCH_OTHER;
	if (s == NULL || strlen(s) >= ID_MAX)
		return SEARCH_NOTHING;
	if (who) {
		out->clue = arena_strdup(a, s);
		return SEARCH_CLUE;
	}
	return strcmp(s, p->to) == 0 ? SEARCH_OURS : SEARCH_OTHER;
}

static void
search_answer(const struct account *acc, const struct parcel *p,
    const struct search_at *at, int status, const char *body, size_t len, struct arena *a,
    struct search_found *out, struct answer *why)
{
	json_t *j = json_loadb(body, len, 0, NULL);
	const char *next = json_string_value(json_object_get(j, "next_cursor"));
	int64_t code = -1;
	bool coded = status == 200 && wecom_errcode(j, &code);

	(void)acc;
	*out = (struct search_found){ .cursor = "", .clue = "" };
	wecom_strange(status, why);
	if (coded && code != 0) {
		wecom_judge(status, code, why);
	} else if (coded && *at->id != '\0') {
		out->what = read_one(j, p, at, a, out);
	} else if (coded && read_list(json_object_get(j, "group_msg_list"), p, a, out) &&
		   (next == NULL ||
		       (strlen(next) <= CURSOR_MAX &&
			   (*next == '\0' || strcmp(next, at->cursor) != 0)))) {
		out->what = SEARCH_PAGE;
		out->cursor = next == NULL ? "" : arena_strdup(a, next);
	}
	if (coded && code == 0)
		*why = (struct answer){ .outcome = OUTCOME_ACCEPTED };
	json_decref(j);
}

const struct provider_search wecom_search = { search_request, search_answer };
