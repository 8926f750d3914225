/* mail_parcel.h - the mails that the services' tests send. Include after provider_stage.h. */
#ifndef TESTS_MAIL_PARCEL_H
#define TESTS_MAIL_PARCEL_H

#include "provider/mail.h"

static inline struct parcel
mail_parcel(const char *to, const char *ref, enum category category)
{
	return (struct parcel){ .msg = 1,
		.to = to,
		.ref = ref,
		.call = "call0000000000000000aaaa",
		.channel = CHANNEL_EMAIL,
		.category = category,
		.subject = "您的爱车该保养了",
		.text = "李女士，您好。\n",
		.html = "<p>李女士，您好。</p>",
		.unsubscribe = category == CATEGORY_MARKETING
				   ? "https://reach.example.com/u/abc"
				   : "",
		.customer = "",
		.signature = "",
		.begun_at = SIGNED_AT };
}

/* What the first receipt of a webhook must be. */
struct mail_receipt {
	const char *name, *body;
	int n;
	enum receipt_kind kind;
	const char *perr;
	bool bad_address, opted_out, broken;
};

static inline void
mail_judge(const struct mail_receipt *want, int n, const struct receipt *r)
{
	if (n != want->n)
		fail_msg("%s: %d receipts", want->name, n);
	if (n > 0 && r->distrusted != (mail_distrust(r->perr) != NULL))
		fail_msg("%s: distrusted %d", want->name, r->distrusted);
	if (n > 0 && (r->kind != want->kind || r->bad_address != want->bad_address ||
			 r->opted_out != want->opted_out || r->broken != want->broken ||
			 (want->perr != NULL && strcmp(r->perr, want->perr) != 0)))
		fail_msg("%s: kind %d code \"%s\" bad %d out %d broken %d", want->name,
		    (int)r->kind, r->perr, r->bad_address, r->opted_out, r->broken);
}

#endif
