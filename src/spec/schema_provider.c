/* schema_provider.c - the keys of an account. What one service alone knows stands in its own table. */
#include "spec/schema.h"

#define KEYS(ident, title, ...)                                                          \
	static const struct schema_key ident##_keys[] = { __VA_ARGS__, { NULL, NULL } }; \
	const struct schema schema_##ident = { title, ident##_keys }

/* One key a line. */
/* clang-format off */

KEYS(provider, "providers",
    { "name", "of the account" },
    { "type", "of the service" },
    { "channels", "what it delivers" },
    { "url", "https://..." },
    { "internal", "true: loopback or private address, plain http allowed" },
    { "location", "cn | outside: where the service keeps what it is handed" },
    { "export_basis", "outside: what data of customers in China may go there by, as filed" },
    { "rate", "N/s | N/min | N/h" },
    { "connections", "at once, default 16" },
    { "hours", "{ from: HH:MM, to: HH:MM }: when it delivers" },
    { "per_number", "N/WINDOW to one address, or a list, as in [4/1h, 20/24h]: below what the service allows" },
    { "signature", "sms: without brackets; default the entity's name" },
    { "signatures", "list: others that are approved there, for stores" },
    { "optout_suffix", "sms: what a marketing text must end with" },
    { "hook_secret", "{ credential: NAME } of its webhooks" },
    { "method", "http: POST (default) | PUT | GET" },
    { "headers", "http: { NAME: Liquid }" },
    { "body", "http: Liquid" },
    { "success", "http: the answer that means accepted" },
    { "refused", "http: list of answers that mean refused" },
    { "throttled", "http: list of answers that mean later" },
    { "settle", "none (default) | receipt | query | idempotency_key | window" },
    { "idempotency_key", "with settle: idempotency_key: Liquid, default the reference" },
    { "idempotency_header", "its header, default Idempotency-Key" },
    { "key_ttl", "how long the provider remembers a key" },
    { "query", "with settle: query" },
    { "window", "oldest request it still takes" },
    { "lag", "how late its query may be" });

KEYS(hours, "hours",
    { "from", "HH:MM" },
    { "to", "HH:MM" });

KEYS(success, "success",
    { "status", "HTTP status" },
    { "field", "path in the JSON answer" },
    { "equals", "its value, as text" },
    { "id", "path of the provider's id" });

KEYS(refused, "refused",
    { "status", "HTTP status" },
    { "field", "path in the JSON answer" },
    { "equals", "its value, as text" },
    { "as", "bad_address | balance | content | other (default)" });

KEYS(answer, "throttled, found, absent",
    { "status", "HTTP status" },
    { "field", "path in the JSON answer" },
    { "equals", "its value, as text" });

KEYS(query, "query",
    { "url", "Liquid" },
    { "found", "the answer when it was taken" },
    { "absent", "the answer when it never was" });

KEYS(secret, "hook_secret",
    { "credential", "name of a file in the credentials directory" });

/* clang-format on */
