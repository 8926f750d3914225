/* config_read.c - reachd.yaml made into plain data. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "read.h"
#include "spec/schema.h"

#define ACCOUNTS_MAX 64

static const char *const publish_names[] = { "automatic", "approved", NULL };

static void
zone_read(const struct yaml *y, struct config *cfg, struct report *r)
{
	const char *near;
	char *hint;

	if (!yaml_str(y, &cfg->entity.tz, r))
		return;
	cfg->entity.zone = zone_get(cfg->entity.tz);
	if (cfg->entity.zone != NULL)
		return;
	near = zone_suggest(cfg->entity.tz);
	hint = near == NULL
		   ? g_strdup("write a name of the tz database, as in Asia/Shanghai")
		   : g_strdup_printf("did you mean \"%s\"?", near);
	report_add(r, SEV_ERROR, y->at, "zone", hint, "\"%.80s\" is not a time zone",
	    cfg->entity.tz);
	g_free(hint);
}

static void
entity_read(struct arena *a, const struct yaml *y, struct config *cfg, struct report *r)
{
	int n;

	if (y == NULL || !schema_check(y, &schema_entity, r))
		return;
	if (yaml_get(y, "name") == NULL)
		schema_missing(y, "name", "write the dealer's name", r);
	yaml_str(yaml_get(y, "name"), &cfg->entity.name, r);
	if (yaml_get(y, "tz") == NULL)
		schema_missing(
		    y, "tz", "write tz: Asia/Shanghai, or the zone of the dealer", r);
	zone_read(yaml_get(y, "tz"), cfg, r);
	yaml_str(yaml_get(y, "phone"), &cfg->entity.phone, r);
	yaml_str(yaml_get(y, "export_basis"), &cfg->entity.export_basis, r);
	yaml_strings(a, yaml_get(y, "link_hosts"), &cfg->entity.link_hosts, &n, r);
}

/* HOST:PORT, [V6]:PORT, or unix:/path. */
static bool
address_read(const struct yaml *y, bool *loopback, const char **out, struct report *r)
{
	const char *text, *colon;
	char *host;
	struct in6_addr v6;
	bool fine;

	if (!yaml_str(y, &text, r))
		return false;
	*out = text;
	if (strncmp(text, "unix:/", 6) == 0) {
		*loopback = true;
		return true;
	}
	colon = strrchr(text, ':');
	host = g_strndup(text, colon == NULL ? 0 : (size_t)(colon - text));
	if (host[0] == '[' && host[strlen(host) - 1] == ']') {
		memmove(host, host + 1, strlen(host));
		host[strlen(host) - 1] = '\0';
		fine = inet_pton(AF_INET6, host, &v6) == 1;
	} else {
		fine = host[0] != '\0' && strchr(host, ':') == NULL;
	}
	fine = fine && colon[1] != '\0' && strlen(colon + 1) <= 5 &&
	       colon[1 + strspn(colon + 1, "0123456789")] == '\0' &&
	       atoi(colon + 1) <= 65535;
	if (fine)
		*loopback = url_is_loopback(host);
	else
		report_add(r, SEV_ERROR, y->at, "listen", "write 127.0.0.1:8080",
		    "\"%.80s\" is not an address to listen on", text);
	g_free(host);
	return fine;
}

static void
listener_read(const struct yaml *y, bool insecure, const char **out, struct report *r)
{
	bool loopback = true;

	if (y != NULL && address_read(y, &loopback, out, r) && !loopback && !insecure)
		report_add(r, SEV_ERROR, y->at, "listen",
		    "listen on 127.0.0.1 behind a proxy with TLS, or write insecure: "
		    "true",
		    "%s would carry customers' data in the clear beyond this machine",
		    y->text);
}

static void
listen_read(struct arena *a, const struct yaml *y, struct config *cfg, struct report *r)
{
	const struct yaml *proxies;
	const char **list;
	unsigned char addr[16];
	int n, i;

	if (y == NULL || !schema_check(y, &schema_listen, r))
		return;
	yaml_bool(yaml_get(y, "insecure"), &cfg->listen.insecure, r);
	listener_read(
	    yaml_get(y, "public"), cfg->listen.insecure, &cfg->listen.public_, r);
	listener_read(yaml_get(y, "staff"), cfg->listen.insecure, &cfg->listen.staff, r);
	proxies = yaml_get(y, "proxies");
	if (!yaml_strings(a, proxies, &list, &n, r))
		return;
	for (i = 0; i < n; i++) {
		if (inet_pton(AF_INET, list[i], addr) != 1 &&
		    inet_pton(AF_INET6, list[i], addr) != 1)
			report_add(r, SEV_ERROR,
			    proxies->kind == YAML_LIST ? proxies->items[i]->at
						       : proxies->at,
			    "listen",
			    "write the address the proxy connects from, as in 127.0.0.1",
			    "\"%.80s\" is not an IP address", list[i]);
	}
	cfg->listen.proxies = list;
}

static void
public_url_read(const struct yaml *y, struct config *cfg, struct report *r)
{
	GUri *uri;
	const char *scheme;

	if (y == NULL || !yaml_str(y, &cfg->public_url, r))
		return;
	uri = g_uri_parse(cfg->public_url, G_URI_FLAGS_NONE, NULL);
	scheme = uri == NULL ? "" : g_uri_get_scheme(uri);
	if (uri == NULL || g_uri_get_host(uri) == NULL ||
	    (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0) ||
	    g_str_has_suffix(cfg->public_url, "/") || g_uri_get_query(uri) != NULL)
		report_add(r, SEV_ERROR, y->at, "url",
		    "write https://HOST, without a slash at the end",
		    "\"%.80s\" is not what links can begin with", cfg->public_url);
	else if (strcmp(scheme, "http") == 0 && !url_is_loopback(g_uri_get_host(uri)))
		report_add(r, SEV_WARNING, y->at, "url",
		    "put TLS in front and write https://",
		    "customers' links would be plain http");
	if (uri != NULL)
		g_uri_unref(uri);
}

static void
accounts_read(struct arena *a, const struct yaml *y, struct config *cfg, struct report *r)
{
	int i, k;

	if (y == NULL)
		return;
	if (y->kind != YAML_LIST || y->n > ACCOUNTS_MAX) {
		report_add(r, SEV_ERROR, y->at, "type", "begin each with \"- \"",
		    "\"providers\" is a list of at most %d", ACCOUNTS_MAX);
		return;
	}
	cfg->accounts = arena_array(a, struct account, y->n);
	for (i = 0; i < y->n; i++) {
		struct account *acc = &cfg->accounts[i];

		acc->index = cfg->n_accounts++;
		account_read(a, y->items[i], acc, r);
		for (k = 0; k < i; k++) {
			if (acc->name[0] != '\0' &&
			    strcmp(cfg->accounts[k].name, acc->name) == 0)
				report_add(r, SEV_ERROR, acc->at, "duplicate-id",
				    "choose another name",
				    "two providers are called \"%s\", the first on line "
				    "%d",
				    acc->name, cfg->accounts[k].at.line);
		}
	}
}

/* ROLE: NAME, or ROLE: [NAME, NAME] */
static void
roles_read(struct arena *a, const struct yaml *y, struct config *cfg, struct report *r)
{
	if (y == NULL)
		return;
	if (y->kind != YAML_MAP) {
		report_add(r, SEV_ERROR, y->at, "type", "write roles: { manager: NAME }",
		    "\"roles\" names people for each role");
		return;
	}
	cfg->roles = arena_array(a, struct role, y->n);
	for (int i = 0; i < y->n; i++) {
		struct role *role = &cfg->roles[cfg->n_roles];
		int n = 0;

		y->read[i] = true;
		role->at = y->keys[i]->at;
		if (!word_read(y->keys[i], "a role", false, &role->name, r) ||
		    !yaml_strings(a, y->items[i], &role->people, &n, r))
			continue;
		if (n == 0)
			report_add(r, SEV_ERROR, y->items[i]->at, "type",
			    "name somebody, or delete the line",
			    "nobody has the role \"%s\"", role->name);
		else
			cfg->n_roles++;
	}
}

struct config *
config_read(struct arena *a, const struct yaml *root, struct report *r)
{
	struct config *cfg = arena_new_of(a, struct config);
	int word;

	cfg->file = root->at.file;
	cfg->entity.name = cfg->entity.tz = cfg->entity.phone = "";
	cfg->state = "var/";
	cfg->listen.public_ = "127.0.0.1:8080";
	cfg->listen.staff = "127.0.0.1:8081";
	cfg->listen.proxies = arena_array(a, const char *, 1);
	if (!schema_check(root, &schema_config, r))
		return cfg;
	if (yaml_get(root, "entity") == NULL)
		schema_missing(
		    root, "entity", "write entity: { name: NAME, tz: Asia/Shanghai }", r);
	entity_read(a, yaml_get(root, "entity"), cfg, r);
	yaml_str(yaml_get(root, "state"), &cfg->state, r);
	listen_read(a, yaml_get(root, "listen"), cfg, r);
	cfg->public_url = arena_printf(a, "http://%s", cfg->listen.public_);
	public_url_read(yaml_get(root, "public_url"), cfg, r);
	if (yaml_enum(yaml_get(root, "publish"), publish_names, &word, r))
		cfg->publish_approved = word == 1;
	yaml_str(yaml_get(root, "credentials"), &cfg->credentials_dir, r);
	accounts_read(a, yaml_get(root, "providers"), cfg, r);
	for (int i = 0; i < cfg->n_accounts; i++)
		if (cfg->accounts[i].export_basis == NULL)
			cfg->accounts[i].export_basis = cfg->entity.export_basis;
	roles_read(a, yaml_get(root, "roles"), cfg, r);
	people_read(a, yaml_get(root, "people"), cfg, r);
	credential_collect(a, cfg);
	return cfg;
}
