/* sandbox_take.c - deciding about one message, as gateways do. */
#include "sandbox_take.h"

#include <string.h>

#include "dialect.h"
#include "sim/habits.h"

static const char *
member(const json_t *m, const char *name)
{
	const char *s = json_string_value(json_object_get(m, name));
	return s != NULL ? s : "";
}

static bool
plausible(const char *to, int channel)
{
	size_t len = strlen(to);
	switch (channel) {
	case CHANNEL_SMS:
		return len >= 9 && len <= 16 && to[0] == '+' &&
		       strspn(to + 1, "0123456789") == len - 1;
	case CHANNEL_EMAIL:
		return strchr(to, '@') > to && strpbrk(to, " \r\n,") == NULL;
	case CHANNEL_WECOM:
	case CHANNEL_PUSH:
		return len > 0;
	default:
		return false;
	}
}

/* What has to be the same when a key comes again. */
static uint64_t
content_hash(const char *to, const char *text, const char *subject)
{
	uint64_t h = habits_person(to, strlen(to));
	h = h * 31 + habits_person(text, strlen(text));
	h = h * 31 + habits_person(subject, strlen(subject));
	return h != 0 ? h : 1;
}

static bool
known(const struct sandbox_desk_options *o, const struct sandbox_batch *b,
    const char *key, uint64_t content, struct sandbox_take *out)
{
	const struct taken *t = sandbox_book_by_key(o->book, key, b->boot);
	if (t == NULL)
		return false;
	out->what = t->content == 0 || t->content == content ? TAKE_AGAIN : TAKE_CONFLICT;
	sandbox_book_id(t, out->id);
	return true;
}

static void
deliver(const struct sandbox_desk_options *o, const struct sandbox_batch *b,
    const json_t *m, int channel, const char *id)
{
	if (o->people == NULL || b->callback[0] == '\0')
		return;
	int category = category_find(member(m, "category"));
	struct letter letter = {
		.channel = (enum channel)channel,
		.category = category < 0 ? CATEGORY_MARKETING : (enum category)category,
		.to = member(m, "to"),
		.ref = member(m, "ref"),
		.id = id,
		.text = member(m, "text"),
		.html = member(m, "html"),
		.unsubscribe = member(m, "unsubscribe"),
		.customer = member(m, "customer"),
		.callback = b->callback,
		.acc = b->acc,
		.dialect = b->dialect,
	};
	sandbox_people_receive(o->people, &letter, b->now);
}

static void
refuse(struct sandbox_take *out, enum take what, const char *code)
{
	out->what = what;
	out->code = code;
}

void
sandbox_take_message(const struct sandbox_desk_options *o, const struct sandbox_batch *b,
    const json_t *m, struct sandbox_take *out)
{
	const char *to = member(m, "to"), *text = member(m, "text");
	const char *subject = member(m, "subject"), *named = member(m, "channel");
	const char *key = member(m, "key")[0] != '\0' ? member(m, "key") : b->key;
	int channel = named[0] != '\0' ? channel_find(named) : CHANNEL_SMS;
	uint64_t content = content_hash(to, text, subject);

	*out = (struct sandbox_take){ .ref = member(m, "ref"), .code = "" };
	if (known(o, b, key, content, out))
		return;
	if (b->stale) {
		refuse(out, TAKE_STALE, "stale");
	} else if (channel < 0 || !plausible(to, channel)) {
		refuse(out, TAKE_REFUSED, "bad_address");
	} else if ((text[0] == '\0' && member(m, "html")[0] == '\0') ||
		   sandbox_faults_refuse(o->faults)) {
		refuse(out, TAKE_REFUSED, "content");
	} else {
		struct sandbox_line line = { b->now, b->real, channel_name(channel), to,
			out->ref, key, text, subject, b->account,
			b->dialect != NULL ? b->dialect->name : "" };
		sandbox_book_id(
		    sandbox_book_add(o->book, &line, content, b->boot), out->id);
		deliver(o, b, m, channel, b->call_id != NULL ? b->call_id : out->id);
	}
}
