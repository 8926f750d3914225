/* wecom_contacts.c - who is a contact of which member (客户联系): read page by page, and told by callbacks.
 *
 * batch/get_by_user is asked for one member at a time; externalcontact/get for one contact,
 * whose changes a callback tells of without saying which. */
#include <string.h>

#include "wecom.h"

#define PAGE 100 /* the most the service gives */
#define ID_MAX 128
#define MOBILES_MAX 16

/* No contact at all, or none any more. */
#define NO_RELATION 84061

int
wecom_contacts(const struct account *acc, const struct contact_query *q, struct arena *a,
    struct provider_request *out, struct err *e)
{
	GString *more;

	(void)e;
	if (*q->external == '\0') {
		wire_json(out, a,
		    wecom_call(acc, a, "/cgi-bin/externalcontact/batch/get_by_user"),
		    json_pack("{s[s] ss si}", "userid_list", q->member, "cursor",
			q->cursor, "limit", PAGE));
		return 0;
	}
	more = g_string_new(NULL);
	wire_field(more, "external_userid", q->external);
	if (*q->cursor != '\0')
		wire_field(more, "cursor", q->cursor);
	wire_get(out, arena_printf(a, "%s&%s",
			  wecom_call(acc, a, "/cgi-bin/externalcontact/get"), more->str));
	g_string_free(more, TRUE);
	return 0;
}

static const char *
text(struct arena *a, const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s == NULL ? "" : arena_strdup(a, s);
}

static const char *const *
mobiles(struct arena *a, const json_t *follow)
{
	const json_t *list = json_object_get(follow, "remark_mobiles");
	const char **out = arena_array(a, const char *, MOBILES_MAX + 1);
	int n = 0;

	for (size_t i = 0; i < json_array_size(list) && n < MOBILES_MAX; i++) {
		const char *s = json_string_value(json_array_get(list, i));

		if (s != NULL && *s != '\0')
			out[n++] = arena_strdup(a, s);
	}
	out[n] = NULL;
	return out;
}

/* false: it names nobody. */
static bool
row(struct arena *a, const json_t *who, const json_t *follow, struct contact_told *out)
{
	*out = (struct contact_told){ .external = text(a, who, "external_userid"),
		.member = text(a, follow, "userid"),
		.name = text(a, who, "name"),
		.unionid = text(a, who, "unionid"),
		.remark = text(a, follow, "remark"),
		.state = text(a, follow, "state"),
		.mobiles = mobiles(a, follow),
		.since = json_integer_value(json_object_get(follow, "createtime")) *
			 MS_SECOND };
	return *out->external != '\0' && strlen(out->external) < ID_MAX &&
	       *out->member != '\0' && strlen(out->member) < ID_MAX;
}

static int
rows(struct arena *a, const json_t *j, bool one, struct contact_told **out)
{
	const json_t *list =
	    json_object_get(j, one ? "follow_user" : "external_contact_list");
	size_t size = json_array_size(list);
	int n = 0;

	*out = arena_array(a, struct contact_told, (int)size + 1);
	for (size_t i = 0; i < size; i++) {
		const json_t *each = json_array_get(list, i);

		n += row(a, json_object_get(one ? j : each, "external_contact"),
		    one ? each : json_object_get(each, "follow_info"), &(*out)[n]);
	}
	return n;
}

/* A member without a licence is told of beside an answer that is well. */
static bool
unlicensed(const json_t *j, const char *member)
{
	const json_t *list =
	    json_object_get(json_object_get(j, "fail_info"), "unlicensed_userid_list");

	for (size_t i = 0; i < json_array_size(list); i++)
		if (g_ascii_strcasecmp(json_string_value(json_array_get(list, i)) != NULL
					   ? json_string_value(json_array_get(list, i))
					   : "",
			member) == 0)
			return true;
	return false;
}

static void
judge(int status, int64_t code, struct answer *why)
{
	wecom_judge(status, code, why);
	why->freeze = why->bad_address = false;
	if (why->outcome == OUTCOME_REJECTED)
		why->outcome = OUTCOME_UNKNOWN;
	if (wecom_unseen(code))
		why->outcome = OUTCOME_REJECTED;
}

int
wecom_contacts_answer(const struct account *acc, const struct contact_query *q,
    int status, const char *body, size_t len, struct arena *a, struct contact_told **out,
    int *n, const char **cursor, struct answer *why)
{
	json_t *j = json_loadb(body, len, 0, NULL);
	bool one = *q->external != '\0', coded;
	int64_t code;
	int rc = -1;

	(void)acc;
	*why = (struct answer){ .outcome = OUTCOME_UNKNOWN };
	g_snprintf(why->perr, sizeof(why->perr), "http-%d", status);
	coded = status == 200 && wecom_errcode(j, &code);
	if (coded && code == 0 && unlicensed(j, q->member)) {
		*why = (struct answer){ .outcome = OUTCOME_REJECTED };
		g_strlcpy(why->perr, "unlicensed", sizeof(why->perr));
	} else if (coded && code == 0 &&
		   (one || json_is_array(json_object_get(j, "external_contact_list")))) {
		*n = rows(a, j, one, out);
		*cursor = text(a, j, "next_cursor");
		rc = 0;
	} else if (coded && code == NO_RELATION) {
		*n = 0;
		*cursor = "";
		rc = 0;
	} else if (coded && code != 0) {
		judge(status, code, why);
	}
	json_decref(j);
	return rc;
}

/* Callbacks ---------------------------------------------------------------------------- */

bool
wecom_contact_event(const struct wecom_event *ev, struct arena *a, struct receipt *out)
{
	static const char *const changes[][2] = {
		{ "add_external_contact", CONTACT_ADDED },
		{ "add_half_external_contact", CONTACT_ADDED },
		{ "edit_external_contact", CONTACT_CHANGED },
		{ "del_external_contact", CONTACT_DROPPED },
		{ "del_follow_user", CONTACT_LEFT },
	};
	const char *change = wecom_field(ev, a, "ChangeType"), *what = "";

	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++)
		if (strcmp(change, changes[i][0]) == 0)
			what = changes[i][1];
	if (strcmp(wecom_field(ev, a, "Event"), "change_external_contact") != 0 ||
	    *what == '\0')
		return false;
	*out = (struct receipt){ .kind = RECEIPT_CONTACT,
		.key = wecom_event_key(ev, a),
		.ref = wecom_field(ev, a, "UserID"),
		.provider_id = "",
		.from = wecom_field(ev, a, "ExternalUserID"),
		.channel = CHANNEL_WECOM,
		.text = what,
		.perr = wecom_field(ev, a, "State"),
		.at = g_ascii_strtoll(wecom_field(ev, a, "CreateTime"), NULL, 10) *
		      MS_SECOND,
		.raw = "" };
	out->broken = *out->ref == '\0' || *out->from == '\0' ||
		      strlen(out->ref) >= ID_MAX || strlen(out->from) >= ID_MAX;
	return true;
}
