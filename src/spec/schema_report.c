/* schema_report.c - the keys of `reports:` in policy.yaml. */
#include "spec/schema.h"

#define KEYS(ident, title, ...)                                                          \
	static const struct schema_key ident##_keys[] = { __VA_ARGS__, { NULL, NULL } }; \
	const struct schema schema_##ident = { title, ident##_keys }

/* clang-format off */

KEYS(reports, "reports",
    { "targets", "shares the house wants to reach" },
    { "events", "what events mean" },
    { "attribution", "how long after its entry an event counts for a run, default 60d" },
    { "stay", "who comes again so soon after coming back has stayed, default 90d" },
    { "horizon", "how long income counts after coming back, default 365d" },
    { "margin", "of income, default 45%" },
    { "lifetime", "what a customer brings in the long run" },
    { "acquisition", "what winning a customer costs, and when it is paid back" },
    { "commission", "of who wins customers back by calls" },
    { "silence", "an example to set beside the house's own figures" },
    { "observable", "channels where an answer can be seen, default sms wecom phone" },
    { "depth", "playbooks by kind of touch; others: by their category" },
    { "lines", "playbooks by line of defence" },
    { "campaigns", "list: playbooks judged together" });

KEYS(report_targets, "targets",
    { "reach", "of the targeted, default 70%" },
    { "response", "of the reached, default 40%" },
    { "trial", "of those who answered, default 60%" },
    { "recall", "of the reached, default 30%" },
    { "retained", "of the recalled, default 80%" });

KEYS(report_events, "events",
    { "answers", "events that are an answer, default reply answered chat booking rating click call_booked call_refused" },
    { "trials", "events that are a trial, default trial" },
    { "returns", "events that are a visit, default visit" },
    { "extras", "events of extras bought, default extra warranty_sale second_car" },
    { "referrals", "events of customers brought, default referral" });

KEYS(report_lifetime, "lifetime",
    { "yearly", "yuan of income a customer and year, default 8000" },
    { "years", "default 5" });

KEYS(report_acquisition, "acquisition",
    { "cost", "yuan, default 5000" },
    { "visits", "that pay it back, default 4" });

KEYS(report_commission, "commission",
    { "each", "yuan a customer won back, default 150" },
    { "best", "yuan for who wins back most in a month, default 1000" });

KEYS(report_silence, "silence",
    { "lost", "customers" },
    { "yearly", "yuan each brought a year" },
    { "saved", "yuan that touching them would have cost" });

KEYS(report_depth, "depth",
    { "promotion", "playbook or list" },
    { "reminder", "playbook or list" },
    { "companionship", "playbook or list" });

KEYS(report_lines, "lines",
    { "first", "reminders: playbook or list" },
    { "second", "churn warning: playbook or list" },
    { "third", "win-back: playbook or list" },
    { "share", "of effort for the first two, default 80%" });

KEYS(campaign, "campaigns",
    { "name", "of the campaign" },
    { "playbooks", "playbook or list" },
    { "costs", "list of { name, per, yuan, times }" },
    { "worth", "yuan where no event tells an amount" });

KEYS(campaign_cost, "costs of a campaign",
    { "name", "of the item" },
    { "per", "targeted | reached | recalled | once | messages | offers (as measured)" },
    { "yuan", "of one" },
    { "times", "how often, default 1" });

KEYS(campaign_worth, "worth",
    { "recalled", "a customer who came back" },
    { "extra", "an extra bought" },
    { "referral", "a customer brought" });

/* clang-format on */
