/* hook.c - the generic webhook, element by element. */
#include "hook.h"

#include <string.h>

#include <jansson.h>

#include "core/phone.h"
#include "provider/wire.h"

/* More elements than any gateway puts in one call, fewer than can hurt. */
#define HOOK_EVENTS 5000
#define HOOK_ID 128

static const char *const kinds[] = { "sent", "delivered", "failed", "open", "click",
	"reply", "complaint", "unsubscribe" };
_Static_assert(
    RECEIPT_SENT == 0 && RECEIPT_UNSUBSCRIBE == 7, "kinds[] follows receipt_kind");

static int
find_kind(const char *name)
{
	for (int i = 0; i <= RECEIPT_UNSUBSCRIBE; i++)
		if (strcmp(kinds[i], name) == 0)
			return i;
	return -1;
}

/* "" when absent; *wrong when it is there and no text. Numbers pass as ids. */
static const char *
text_of(const json_t *event, const char *name, struct arena *a, bool *wrong)
{
	const json_t *v = json_object_get(event, name);
	if (v == NULL || json_is_null(v))
		return "";
	if (json_is_string(v))
		return arena_strndup(a, json_string_value(v), json_string_length(v));
	if (json_is_integer(v))
		return arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	*wrong = true;
	return "";
}

/* A time that cannot be read must not cost a receipt: it counts as not told. */
static ms_t
instant_of(const json_t *event)
{
	const json_t *v = json_object_get(event, "at");
	ms_t at = 0;
	if (!json_is_string(v) || clock_parse(json_string_value(v), &at) != 0)
		return 0;
	return at;
}

static enum channel
channel_of(const struct account *acc, const char *named)
{
	int c = named[0] != '\0' ? channel_find(named) : -1;
	for (int i = 0; c < 0 && i < CHANNELS; i++)
		if ((acc->channels & (1U << i)) != 0)
			c = i;
	return c < 0 ? CHANNEL_SMS : (enum channel)c;
}

/* As customers have it, however the gateway writes it; what is no address stays as it is. */
static const char *
address_of(struct arena *a, enum channel channel, const char *written)
{
	char number[20], mail[320];
	bool called = channel == CHANNEL_SMS || channel == CHANNEL_PHONE;

	if (called && phone_normalise(written, number) != PHONE_BAD)
		return arena_strdup(a, number);
	if (channel == CHANNEL_EMAIL && email_normalise(written, mail, sizeof mail) == 0)
		return arena_strdup(a, mail);
	return written;
}

static void
read_event(
    const struct account *acc, const json_t *event, struct arena *a, struct receipt *r)
{
	bool wrong = !json_is_object(event);
	const char *id = text_of(event, "id", a, &wrong);
	const char *type = text_of(event, "type", a, &wrong);
	r->ref = text_of(event, "ref", a, &wrong);
	r->provider_id = text_of(event, "id_provider", a, &wrong);
	r->from = text_of(event, "from", a, &wrong);
	r->text = text_of(event, "text", a, &wrong);
	r->perr = text_of(event, "code", a, &wrong);
	r->channel = channel_of(acc, text_of(event, "channel", a, &wrong));
	r->from = address_of(a, r->channel, r->from);
	r->at = instant_of(event);

	bool usable = id[0] != '\0' && strlen(id) <= HOOK_ID;
	r->key = usable ? id : wire_key(a, wire_raw(a, event));
	int kind = find_kind(type);
	r->kind = kind < 0 ? RECEIPT_SENT : (enum receipt_kind)kind;
	bool lost = r->ref[0] == '\0' && r->provider_id[0] == '\0' && r->from[0] == '\0';
	bool nobody = kind == RECEIPT_REPLY && r->from[0] == '\0' && r->ref[0] == '\0';
	r->broken = wrong || kind < 0 || lost || nobody;
	r->raw = r->broken ? wire_raw(a, event) : "";
}

static int
refuse(struct hook_reply *reply, int status, const char *body)
{
	*reply = (struct hook_reply){ .status = status, .type = "application/json", .body = body };
	return -1;
}

int
hook_events(const struct account *acc, const struct config *cfg,
    const struct hook_request *req, struct arena *a, struct receipt **out, int *n,
    struct hook_reply *reply)
{
	(void)cfg;
	if (strcmp(req->method, "POST") != 0)
		return refuse(reply, 405, "{\"error\":\"use POST\"}");
	json_t *root = wire_load(req->body, req->body_len);
	const json_t *events = json_object_get(root, "events");
	if (!json_is_array(events)) {
		json_decref(root);
		return refuse(reply, 400, "{\"error\":\"send {\\\"events\\\": [...]}\"}");
	}
	if (json_array_size(events) > HOOK_EVENTS) {
		json_decref(root);
		return refuse(reply, 413, "{\"error\":\"at most 5000 events a call\"}");
	}
	*n = (int)json_array_size(events);
	*out = arena_array(a, struct receipt, *n + 1);
	for (int i = 0; i < *n; i++)
		read_event(acc, json_array_get(events, (size_t)i), a, &(*out)[i]);
	json_decref(root);
	*reply = (struct hook_reply){ .status = 200, .type = "application/json", .body = "{\"ok\":true}" };
	return 0;
}
