/* The block of a complaint, lifted by hand: what was agreed with him outside of any task. */
#include "access.h"
#include "complaint.h"
#include "hand.h"

int
hand_undo_block(struct hand *h, struct err *e)
{
	struct work *w = h->w;
	struct person p;
	int rc;

	if (hand_reason(h) == NULL)
		return 0;
	if ((rc = hand_customer(h, &p, e)) != 1)
		return rc;
	if (p.row.blocked_at == 0)
		return hand_no(
		    h, 409, "%.64s is not blocked by a complaint", p.row.c.ext);
	/* Kept for good: nobody's name. The reason is in the customer's own event. */
	if (access_note(w, hand_text(h, "by"), h->role, "unblock",
		access_customer(w, p.row.c.ext), "a complaint", 0, 0, e) != 0)
		return -1;
	json_object_set_new(h->out, "customer", json_string(p.row.c.ext));
	return complaint_settle(w, &p,
	    json_pack("{ss ss ss}", "by", hand_text(h, "by"), "reason",
		hand_text(h, "reason"), "how", "hand"),
	    e);
}
