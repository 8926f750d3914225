/* link_host.c - links in texts lead to hosts of the house, over https. */
#include <string.h>

#include "link_bare.h"
#include "read.h"
#include "set.h"

#define HOST_MAX 255

struct scan {
	const struct config *config; /* NULL: not in the set */
	const char *file, *text;
	struct report *report;
	const char *users; /* of a partial; "": a text of its own */
	const char *value; /* of the front matter, at value_at; NULL: the text itself */
	struct pos value_at;
};

static struct pos
place(const struct scan *s, const char *p)
{
	struct pos at = { s->file, 1, 1 };

	if (s->value != NULL)
		return yaml_text_place(s->text, s->value_at, s->value, p);
	for (const char *c = s->text; c < p; c = g_utf8_next_char(c)) {
		at.col = *c == '\n' ? 1 : at.col + 1;
		at.line += *c == '\n';
	}
	return at;
}

static void
tell(const struct scan *s, const char *p, const char *hint, const char *what,
    const char *name)
{
	report_add(s->report, SEV_ERROR, place(s, p), "link", hint, "%s%s%s", what, name,
	    s->users);
}

bool
link_is_of_house(const struct config *c, const char *host)
{
	GUri *own = g_uri_parse(c->public_url, G_URI_FLAGS_NONE, NULL);
	bool yes = own != NULL && g_ascii_strcasecmp(g_uri_get_host(own), host) == 0;

	for (const char **h = c->entity.link_hosts; !yes && *h != NULL; h++)
		yes = g_ascii_strcasecmp(*h, host) == 0;
	if (own != NULL)
		g_uri_unref(own);
	return yes;
}

/* https://OURS:x@THEIRS: who goes there is told by what is behind the @. */
static bool
has_userinfo(const char *authority)
{
	size_t len = strcspn(authority, "/?#\"'<>(){} \t\r\n|\\");

	return memchr(authority, '@', len) != NULL;
}

/* SCHEME "://" at p. */
static void
check_link(const struct scan *s, const char *start, const char *p)
{
	size_t len = strcspn(p + 3, "/?#:\"'<>(){} \t\r\n|\\");
	char host[HOST_MAX + 1];

	if (g_ascii_strncasecmp(start, "https", 5) != 0 || p - start != 5) {
		tell(s, start, "write https://HOST/PATH", "a link begins with https://",
		    "");
		return;
	}
	if (has_userinfo(p + 3)) {
		tell(s, start, "write https://HOST/PATH",
		    "a link has no @ before its host", "");
		return;
	}
	/* A host put together from parts is href.c's to judge. */
	if (s->config == NULL || s->config->entity.link_hosts == NULL || len == 0 ||
	    len > HOST_MAX || p[3 + len] == '{')
		return;
	memcpy(host, p + 3, len);
	host[len] = '\0';
	if (!link_is_of_house(s->config, host))
		tell(s, start, "mend the link, or name the host under entity: link_hosts",
		    "links may not lead to ", host);
}

/* Attributes that lead somewhere, or load something from there. */
static const char *const attributes[] = { "href", "src", "action", "formaction",
	"background", "poster", NULL };

/* The = at p: behind one of them, as a word of its own? */
static bool
is_attribute(const char *text, const char *p)
{
	while (p > text && g_ascii_isspace(p[-1]))
		p--;
	for (const char *const *a = attributes; *a != NULL; a++) {
		size_t n = strlen(*a);

		if ((size_t)(p - text) > n && g_ascii_strncasecmp(p - n, *a, n) == 0 &&
		    !g_ascii_isalnum(p[-(long)n - 1]) &&
		    strchr("?&_-.", p[-(long)n - 1]) == NULL)
			return true;
	}
	return false;
}

/* &#106; &Tab; &colon;: anything but &amp; */
static bool
has_entity(const char *v, size_t len)
{
	const char *end = v + len;

	for (const char *p = v; (p = memchr(p, '&', (size_t)(end - p))) != NULL; p++) {
		const char *semi = memchr(p, ';', (size_t)(end - p));

		if (p + 1 < end && p[1] == '#')
			return true;
		if (semi != NULL && g_ascii_isalpha(p[1]) &&
		    !g_str_has_prefix(p, "&amp;") && semi - p < 12 &&
		    memchr(p, '=', (size_t)(semi - p)) == NULL)
			return true;
	}
	return false;
}

/* href="...", = at p: a browser reads more into it than stands there. */
static void
check_href(const struct scan *s, const char *p)
{
	const char *v = p + 1, *q;
	size_t len;
	bool slashes, odd;

	v += strspn(v, " \t\r\n");
	q = *v == '"' || *v == '\'' ? v : NULL;
	v += q != NULL;
	len = q == NULL ? strcspn(v, "\"'> \t\r\n") : strcspn(v, *q == '"' ? "\"" : "'");
	while (len > 0 && g_ascii_isspace(*v)) {
		v++;
		len--;
	}
	slashes = len > 1 && strchr("/\\", v[0]) != NULL && strchr("/\\", v[1]) != NULL;
	odd = g_strstr_len(v, (gssize)len, "\t") != NULL ||
	      g_strstr_len(v, (gssize)len, "\n") != NULL ||
	      g_strstr_len(v, (gssize)len, "\r") != NULL || has_entity(v, len);
	if (slashes || odd)
		tell(s, v, "write https://HOST/PATH, its characters themselves",
		    "where this link leads is not written out", "");
}

static void
check_bare(void *arg, const char *host, const char *at)
{
	const struct scan *s = arg;

	if (!link_is_of_house(s->config, host))
		tell(s, at, "mend the link, or name the host under entity: link_hosts",
		    "links may not lead to ", host);
}

/* body: where the text itself begins, behind what names providers and templates. */
static void
scan(const struct scan *s, const char *body)
{
	static const char *const acting[] = { "javascript:", "vbscript:", "data:text" };

	for (const char *p = strstr(s->text, "://"); p != NULL;
	     p = strstr(p + 3, "://")) {
		const char *start = p;

		while (start > s->text && g_ascii_isalpha(start[-1]))
			start--;
		if (start < p)
			check_link(s, start, p);
	}
	if (s->config != NULL && s->config->entity.link_hosts != NULL)
		link_bare_each(body, check_bare, (void *)(uintptr_t)s);
	for (const char *p = s->text; *p != '\0'; p++) {
		if (*p == '=' && is_attribute(s->text, p))
			check_href(s, p);
		for (size_t i = 0; i < G_N_ELEMENTS(acting); i++)
			if (g_ascii_strncasecmp(p, acting[i], strlen(acting[i])) == 0)
				tell(s, p, "write https://HOST/PATH",
				    "a link may not carry ", acting[i]);
	}
}

/* What stands in the front matter and is read by the customer. */
static void
scan_value(const struct scan *file, const char *value, struct pos at)
{
	struct scan s = *file;

	if (value == NULL || s.config == NULL || s.config->entity.link_hosts == NULL)
		return;
	s.value = value;
	s.value_at = at;
	link_bare_each(value, check_bare, &s);
}

/* In the file, so that places are the file's. */
static const char *
body_of(const struct template *t)
{
	const char *p = t->source;

	for (int line = 1; line < t->body_at.line && (p = strchr(p, '\n')) != NULL;
	     line++)
		p++;
	return p == NULL ? "" : p;
}

void
link_hosts_check(const struct set *s)
{
	GHashTableIter it;
	gpointer v;

	g_hash_table_iter_init(&it, s->templates);
	while (g_hash_table_iter_next(&it, NULL, &v)) {
		const struct template *t = v;
		const struct scan one = { s->config, t->file, t->source, s->report, "",
			NULL, { 0 } };

		scan(&one, body_of(t));
		scan_value(&one, t->subject_text, t->subject_at);
		scan_value(&one, t->text_source, t->text_at);
	}
	g_hash_table_iter_init(&it, s->partials);
	while (g_hash_table_iter_next(&it, NULL, &v)) {
		const struct set_partial *p = v;

		char *users = partial_users_say(g_hash_table_lookup(s->users, p));

		scan(&(struct scan){ s->config, p->file, p->text, s->report, users, NULL,
			 { 0 } },
		    p->text);
		g_free(users);
	}
}
