/* credential.c - secrets by name: which are used, and their values from files only we can
 * read. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read.h"

#define SECRET_MAX (16 << 10)
#define PREFIX "credential."

static void
name_add(GArray *names, const char *name, struct pos at)
{
	struct credential c = { .name = name, .at = at };
	guint i;

	for (i = 0; i < names->len; i++) {
		if (strcmp(g_array_index(names, struct credential, i).name, name) == 0)
			return;
	}
	g_array_append_val(names, c);
}

struct collecting {
	struct arena *arena;
	GArray *names;
};

static void
on_path(void *arg, const char *dotted, struct pos at, bool has_default)
{
	struct collecting *c = arg;

	(void)has_default;
	if (strncmp(dotted, PREFIX, strlen(PREFIX)) == 0)
		name_add(c->names, arena_strdup(c->arena, dotted + strlen(PREFIX)), at);
}

static void
collect(struct collecting *c, const struct liquid *t)
{
	if (t != NULL)
		liquid_paths(t, on_path, c);
}

void
credential_collect(struct arena *a, struct config *cfg)
{
	struct collecting c = { a, g_array_new(FALSE, FALSE, sizeof(struct credential)) };
	int i, k;

	for (i = 0; i < cfg->n_accounts; i++) {
		const struct account *acc = &cfg->accounts[i];

		if (acc->hook_credential != NULL)
			name_add(c.names, acc->hook_credential, acc->at);
		for (k = 0; k < acc->n_settings; k++)
			if (acc->settings[k].credential != NULL)
				name_add(c.names, acc->settings[k].credential,
				    acc->settings[k].at);
		for (k = 0; k < acc->n_headers; k++)
			collect(&c, acc->headers[k].value);
		collect(&c, acc->body);
		collect(&c, acc->idempotency_key);
		collect(&c, acc->query.url);
	}
	cfg->n_credentials = (int)c.names->len;
	cfg->credentials = arena_array(a, struct credential, cfg->n_credentials);
	for (i = 0; i < cfg->n_credentials; i++)
		cfg->credentials[i] = g_array_index(c.names, struct credential, (guint)i);
	g_array_free(c.names, TRUE);
}

static void
refuse(const struct credential *c, struct report *r, const char *hint, const char *why)
{
	report_add(r, SEV_ERROR, c->at, "credential", hint, "credential \"%s\": %s",
	    c->name, why);
}

/* Group bits are the access list when systemd hands the file over, so only a
 * directory of ours is held to 0600. */
static void
load(struct arena *a, struct credential *c, const char *path, mode_t forbidden,
    struct report *r)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char buf[SECRET_MAX + 1];
	struct stat st;
	ssize_t n = -1;

	if (fd < 0) {
		char *hint = g_strdup_printf("put it into the file %s, mode 0600", path);

		refuse(c, r, hint, g_strerror(errno));
		g_free(hint);
		return;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		n = read(fd, buf, sizeof(buf));
	close(fd);
	while (n > 0 && n <= SECRET_MAX && (buf[n - 1] == '\n' || buf[n - 1] == '\r'))
		n--;
	if (n < 0)
		refuse(c, r, "", "its file cannot be read");
	else if ((st.st_mode & forbidden) != 0)
		refuse(c, r, "chmod 0600 it", "its file can be read by others");
	else if (n == 0 || n > SECRET_MAX || memchr(buf, '\0', (size_t)n) != NULL)
		refuse(c, r, "", "its file is empty or no text of up to 16 KiB");
	else
		c->value = arena_strndup(a, buf, (size_t)n);
	explicit_bzero(buf, sizeof(buf));
}

static const char *
value_of(const struct config *cfg, const char *name)
{
	int k;

	for (k = 0; k < cfg->n_credentials; k++)
		if (strcmp(cfg->credentials[k].name, name) == 0)
			return cfg->credentials[k].value;
	return NULL;
}

static void
hand_out(const struct config *cfg, struct account *acc, struct report *r)
{
	int k;

	if (acc->hook_credential != NULL)
		acc->hook_secret = value_of(cfg, acc->hook_credential);
	if (acc->hook_secret != NULL && strlen(acc->hook_secret) < ACCOUNT_HOOK_SECRET)
		report_add(r, SEV_ERROR, acc->at, "credential",
		    "make one: openssl rand -hex 16",
		    "credential \"%s\": a hook_secret has at least %d characters: it alone "
		    "says that a webhook is the provider's",
		    acc->hook_credential, ACCOUNT_HOOK_SECRET);
	for (k = 0; k < acc->n_settings; k++)
		if (acc->settings[k].credential != NULL)
			acc->settings[k].value = value_of(cfg, acc->settings[k].credential);
}

void
credential_load(struct arena *a, struct config *cfg, bool dry, struct report *r)
{
	const char *given = getenv("CREDENTIALS_DIRECTORY");
	char *home = g_path_get_dirname(cfg->file), *dir = NULL;
	mode_t forbidden = given != NULL ? S_IRWXO : S_IRWXG | S_IRWXO;
	int i;

	if (given != NULL && given[0] != '\0')
		dir = g_strdup(given);
	else if (cfg->credentials_dir != NULL)
		dir = g_path_is_absolute(cfg->credentials_dir)
			  ? g_strdup(cfg->credentials_dir)
			  : g_build_filename(home, cfg->credentials_dir, NULL);
	for (i = 0; i < cfg->n_credentials; i++) {
		struct credential *c = &cfg->credentials[i];
		char *path;

		if (dir == NULL) {
			report_add(r, dry ? SEV_WARNING : SEV_ERROR, c->at, "credential",
			    "write credentials: DIRECTORY, or start by systemd with "
			    "LoadCredential=",
			    "credential \"%s\": there is no directory of credentials",
			    c->name);
			continue;
		}
		path = g_build_filename(dir, c->name, NULL);
		load(a, c, path, forbidden, r);
		g_free(path);
	}
	for (i = 0; i < cfg->n_accounts; i++) {
		hand_out(cfg, &cfg->accounts[i], r);
		account_secrets(&cfg->accounts[i], r);
	}
	g_free(dir);
	g_free(home);
}
