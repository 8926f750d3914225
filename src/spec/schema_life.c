/* schema_life.c - the tables of keys of the lifecycle and of presence. */
#include "spec/schema.h"

#define KEYS(ident, title, ...)                                                          \
	static const struct schema_key ident##_keys[] = { __VA_ARGS__, { NULL, NULL } }; \
	const struct schema schema_##ident = { title, ident##_keys }

/* clang-format off */

KEYS(lifecycle, "lifecycle",
    { "window", "days over which signs and counts are taken, default 90d" },
    { "cycle", "service interval of who has none of his own yet, default 180d" },
    { "rating_scale", "of a rating that tells none, default 10" },
    { "visits", "{ growing: N, mature: N }: visits from which, default 2 and 5" },
    { "signs", "list: what counts towards a stage" },
    { "warnings", "list: what makes the event `warning`" },
    { "stages", "list of rules: the first that holds decides" },
    { "dormant_types", "list of { is, when }: the first that holds" },
    { "lost_causes", "list of { is, when }: the first that holds" },
    { "durations", "{ NAME: DURATION }: names of times away, from so long" },
    { "give_up", "list of reasons, an attribute give_up_reason or a tag; without one nobody is given up" },
    { "give_up_warn", "share of those whose sleep ended in a month: more given up is an alarm; default none" },
    { "tiers", "{ NAME: yuan }: by spend of 12 months, for who has none imported" },
    { "at_risk", "tier in force in some stages" },
    { "weak_tie", "tier in force in some stages" },
    { "conversations", "list: what holds marketing while it is open" },
    { "clv", "list of { of, times }: their sum" },
    { "success", "list of { rate, when }: the first that holds" },
    { "potential", "list of { times, when }: the first that holds" },
    { "priority", "list of { is, when }: the first that holds" });

KEYS(life_visits, "visits",
    { "growing", "visits from which a customer is growing" },
    { "mature", "visits from which he is mature" });

KEYS(sign, "signs",
    { "id", "its name" },
    { "of", "stage or list: doubting, trying" },
    { "on", "event or list: looked at then, counts for the window; without it, as long as it holds" },
    { "when", "condition" });

KEYS(warning, "warnings",
    { "id", "its name" },
    { "from", "stages it is given in, default all but dormant, lost, given-up" },
    { "on", "event or list" },
    { "when", "condition" },
    { "due", "until when a person acts, default 48h" });

KEYS(stage_rule, "stages",
    { "id", "its name" },
    { "to", "stage" },
    { "from", "stage or list, none for who has no stage; default all" },
    { "on", "event or list: asked only then" },
    { "when", "condition" });

KEYS(word_choice, "dormant_types, lost_causes, priority",
    { "is", "the word" },
    { "when", "condition; the last needs none" });

KEYS(rate_choice, "success",
    { "rate", "share, as in 60%" },
    { "when", "condition; the last needs none" });

KEYS(times_choice, "potential",
    { "times", "number" },
    { "when", "condition; the last needs none" });

KEYS(term, "clv",
    { "of", "path of a number, as in signals.referrals" },
    { "times", "yuan each, or a factor; default 1" });

KEYS(overlay, "at_risk, weak_tie",
    { "tier", "of the policy" },
    { "stages", "stage or list" },
    { "causes", "lost for these causes too" });

KEYS(talk, "conversations",
    { "id", "its name" },
    { "open", "event or list" },
    { "where", "condition on event.*" },
    { "close", "event or list; conversation_closed closes all" },
    { "hold", "at most so long, default 7d" });

KEYS(presence, "presence",
    { "curve", "{ DAYS: SHARE }: what is remembered after a first contact" },
    { "strengthen", "each further contact: memory lasts so many times longer, default 2.2" },
    { "longest", "at most so many times longer, default 24" },
    { "spacing", "contacts closer than this strengthen less, default 1d" },
    { "forgotten", "below this a contact begins anew, default 5%" },
    { "met", "what a visit, a call or a chat brings back, default 100%" },
    { "channels", "{ CHANNEL: SHARE }: what a message that arrived brings back" });

/* clang-format on */
