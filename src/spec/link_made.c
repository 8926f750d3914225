/* link_made.c - where links lead that a text puts together: https://www.example.com and then
 * {% echo ".evil.example" %}. Read off the text as it would go; what is written out is
 * link_host.c's, what comes from a field href.c's. */
#include "set.h"

#include <string.h>

#include "link_bare.h"

#define HOST_MAX 255

static bool
is_told(const struct report *r, const char *file)
{
	bool told = false;

	for (guint i = 0; !told && i < r->diags->len; i++) {
		const struct diag *d = r->diags->pdata[i];

		told = d->severity == SEV_ERROR && g_strcmp0(d->at.file, file) == 0;
	}
	return told;
}

/* Does it stand so in the text or in a partial? Then it is judged there. */
static bool
is_written(const struct set *s, const struct template *t, const char *link)
{
	bool written = strstr(t->source, link) != NULL;
	GHashTableIter it;
	gpointer v;

	g_hash_table_iter_init(&it, s->partials);
	while (!written && g_hash_table_iter_next(&it, NULL, &v))
		written = strstr(((const struct set_partial *)v)->text, link) != NULL;
	return written;
}

struct made {
	const struct set *set;
	const struct template *t;
	struct pos at;
};

static void
check_host(const struct made *m, const char *host, const char *written)
{
	if (*host != '\0' && strlen(host) <= HOST_MAX &&
	    !link_is_of_house(m->set->config, host) &&
	    !is_written(m->set, m->t, written) && !is_told(m->set->report, m->t->file))
		report_add(m->set->report, SEV_ERROR, m->at, "link",
		    "write the link out, or name the host under entity: link_hosts",
		    "a link that this text puts together leads to %s", host);
}

/* What a phone takes for a link by itself. */
static void
check_bare(void *arg, const char *host, const char *at)
{
	(void)at;
	check_host(arg, host, host);
}

static void
check_hosts(const struct set *s, const struct template *t, const char *text,
    struct pos at)
{
	struct made m = { s, t, at };

	for (const char *p = text; (p = strstr(p, "://")) != NULL; p += 3) {
		size_t len = strcspn(p + 3, "/?#:\"'<>(){} \t\r\n|\\");
		char *host = g_strndup(p + 3, len), *link = g_strndup(p, len + 3);

		check_host(&m, host, link);
		g_free(link);
		g_free(host);
	}
	link_bare_each(text, check_bare, &m);
}

static void
check_made(const struct set *s, const struct template *t, const struct liquid *l,
    struct pos at, struct arena *a)
{
	for (int k = SAMPLE_BARE; l != NULL && k <= SAMPLE_BRANCHES; k++) {
		char *text = lint_sample(s, t, l, (enum sample)k, a);

		check_hosts(s, t, text, at);
		g_free(text);
	}
}

void
links_made_check(const struct set *s)
{
	struct arena *a;
	GHashTableIter it;
	gpointer v;

	if (s->config == NULL || s->config->entity.link_hosts == NULL)
		return;
	a = arena_new();
	g_hash_table_iter_init(&it, s->templates);
	while (g_hash_table_iter_next(&it, NULL, &v)) {
		const struct template *t = v;

		check_made(s, t, t->body, t->body_at, a);
		check_made(s, t, t->subject, t->subject_at, a);
		check_made(s, t, t->text, t->text_at, a);
		arena_reset(a);
	}
	arena_free(a);
}
