/* mail_named.h - mails by name for the tests of those who carry them. Include after provider_stage.h. */
#ifndef TESTS_MAIL_NAMED_H
#define TESTS_MAIL_NAMED_H

#define MAIL_ACCOUNT                                                    \
	{ "from", "news@dealer.example" }, { "from_name", "示例汽车" }, \
	{                                                               \
		"reply_to", "service@dealer.example"                    \
	}

static inline struct parcel
service_mail(const char *to, const char *ref, const char *name)
{
	return (struct parcel){ .msg = 1,
		.to = to,
		.ref = ref,
		.call = "call0000000000000000aaaa",
		.channel = CHANNEL_EMAIL,
		.category = CATEGORY_SERVICE,
		.subject = arena_printf(arena, "%s,您的车好了", name),
		.text = arena_printf(arena, "%s,请来取车。", name),
		.html = arena_printf(arena, "<p>%s,请来取车 \"%%a=b&c\"。</p>", name),
		.unsubscribe = "",
		.customer = "",
		.signature = "",
		.begun_at = SIGNED_AT };
}

static inline struct parcel
marketing_mail(const char *to, const char *ref, const char *name)
{
	struct parcel p = service_mail(to, ref, name);

	p.category = CATEGORY_MARKETING;
	p.unsubscribe = arena_printf(arena, "https://reach.example.com/u/%s", ref);
	return p;
}

/* One event that was read: what it says, what of it is flagged. */
struct mail_event {
	const char *name, *body;
	int n;
	enum receipt_kind kind;
	const char *ref, *id, *perr;
	const char *flags; /* of: broken bad_address opted_out distrusted */
};

static inline void
check_event(const struct mail_event *w, int rc, int n, const struct receipt *r)
{
	char *flags;

	if (rc != 0 || n != w->n)
		fail_msg("%s: %d, %d receipts", w->name, rc, n);
	if (n == 0)
		return;
	flags = g_strdup_printf("%s%s%s%s", r->broken ? "broken" : "",
	    r->bad_address ? "bad_address" : "", r->opted_out ? "opted_out" : "",
	    r->distrusted ? "distrusted" : "");
	if ((!r->broken && r->kind != w->kind) || strcmp(r->ref, w->ref) != 0 ||
	    strcmp(r->provider_id, w->id) != 0 || strcmp(r->perr, w->perr) != 0 ||
	    strcmp(flags, w->flags) != 0 || r->channel != CHANNEL_EMAIL)
		fail_msg("%s: kind %d ref \"%s\" id \"%s\" perr \"%s\" %s", w->name,
		    (int)r->kind, r->ref, r->provider_id, r->perr, flags);
	g_free(flags);
}

#endif
