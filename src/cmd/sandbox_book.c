/* sandbox_book.c - the ledger, and the two ways to find something in it. */
#include "sandbox_book.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <jansson.h>

#include "provider/quote.h"

#define CHINA 480 /* minutes east of UTC of the ledger's times */

struct sandbox_book {
	int fd;
	ms_t key_ttl;
	GHashTable *by_key, *by_ref; /* text -> struct taken *, of by_ref or loose */
	GHashTable *by_to; /* address -> GPtrArray of struct taken *, where a dialect took them */
	GPtrArray *all;
	GStringChunk *texts;
	GString *lines; /* not yet on disk */
	ms_t at, real;  /* what the two texts below say */
	char at_text[CLOCK_TEXT], real_text[CLOCK_TEXT];
};

char *
sandbox_book_id(const struct taken *t, char *buf)
{
	snprintf(buf, SANDBOX_ID, "sb-%" G_GUINT64_FORMAT, t->serial);
	return buf;
}

static void
free_list(gpointer list)
{
	g_ptr_array_free(list, TRUE);
}

static void
index_address(struct sandbox_book *b, const char *to, struct taken *t)
{
	GPtrArray *list = g_hash_table_lookup(b->by_to, to);
	if (list == NULL) {
		list = g_ptr_array_new();
		g_hash_table_insert(b->by_to, g_strdup(to), list);
	}
	g_ptr_array_add(list, t);
}

void
sandbox_book_to(const struct sandbox_book *b, const char *to,
    void (*row)(void *arg, const struct taken *t), void *arg)
{
	GPtrArray *list = g_hash_table_lookup(b->by_to, to);
	for (guint i = 0; list != NULL && i < list->len; i++)
		row(arg, list->pdata[i]);
}

static struct taken *
remember(
    struct sandbox_book *b, const char *key, const char *ref, uint64_t content, ms_t boot)
{
	struct taken *t = g_new(struct taken, 1);
	*t = (struct taken){ b->all->len + 1, content, boot, "" };
	g_ptr_array_add(b->all, t);
	const char *kept = ref[0] != '\0' ? g_string_chunk_insert(b->texts, ref) : "";
	t->ref = kept;
	if (ref[0] != '\0')
		g_hash_table_replace(b->by_ref, (char *)kept, t);
	if (key[0] != '\0' && strcmp(key, ref) != 0)
		kept = g_string_chunk_insert(b->texts, key);
	if (key[0] != '\0')
		g_hash_table_replace(b->by_key, (char *)kept, t);
	return t;
}

const struct taken *
sandbox_book_by_key(const struct sandbox_book *b, const char *key, ms_t boot)
{
	const struct taken *t =
	    key[0] != '\0' ? g_hash_table_lookup(b->by_key, key) : NULL;
	return t != NULL && boot - t->boot < b->key_ttl ? t : NULL;
}

const struct taken *
sandbox_book_by_ref(const struct sandbox_book *b, const char *ref)
{
	return g_hash_table_lookup(b->by_ref, ref);
}

/* Lines of one turn of the loop share their instant. */
static const char *
stamp(ms_t at, ms_t *cached, char *text)
{
	if (*cached != at) {
		clock_format(at, CHINA, text);
		*cached = at;
	}
	return text;
}

const struct taken *
sandbox_book_add(
    struct sandbox_book *b, const struct sandbox_line *l, uint64_t content, ms_t boot)
{
	struct taken *t = remember(b, l->key, l->ref, content, boot);
	char id[SANDBOX_ID];
	if (l->via[0] != '\0')
		index_address(b, l->to, t);
	g_string_append(b->lines, "{\"at\":\"");
	g_string_append(b->lines, stamp(l->at, &b->at, b->at_text));
	g_string_append(b->lines, "\",\"real\":\"");
	g_string_append(b->lines, stamp(l->real, &b->real, b->real_text));
	g_string_append(b->lines, "\",\"channel\":");
	quote_json(b->lines, l->channel);
	g_string_append(b->lines, ",\"to\":");
	quote_json(b->lines, l->to);
	g_string_append(b->lines, ",\"ref\":");
	quote_json(b->lines, l->ref);
	g_string_append(b->lines, ",\"text\":");
	quote_json(b->lines, l->text);
	g_string_append(b->lines, ",\"id\":");
	quote_json(b->lines, sandbox_book_id(t, id));
	quote_json_member(b->lines, "subject", l->subject);
	quote_json_member(b->lines, "account", l->account);
	quote_json_member(b->lines, "via", l->via);
	if (strcmp(l->key, l->ref) != 0)
		quote_json_member(b->lines, "key", l->key);
	g_string_append(b->lines, "}\n");
	return t;
}

int
sandbox_book_commit(struct sandbox_book *b, struct err *e)
{
	const char *p = b->lines->str;
	size_t left = b->lines->len;
	if (left == 0)
		return 0;
	while (left > 0) {
		ssize_t n = write(b->fd, p, left);
		if (n < 0 && errno != EINTR)
			return err_set(
			    e, ERR_IO, "write the ledger: %s", g_strerror(errno));
		p += n > 0 ? n : 0;
		left -= n > 0 ? (size_t)n : 0;
	}
	if (fdatasync(b->fd) != 0)
		return err_set(e, ERR_IO, "fsync the ledger: %s", g_strerror(errno));
	g_string_truncate(b->lines, 0);
	return 0;
}

uint64_t
sandbox_book_count(const struct sandbox_book *b)
{
	return b->all->len;
}

/* Reading back -------------------------------------------------------------- */

static const char *
member(const json_t *line, const char *name)
{
	const char *s = json_string_value(json_object_get(line, name));
	return s != NULL ? s : "";
}

/* The age of keys is judged by the real clock, the only one that outlives a process. */
static int
read_line(struct sandbox_book *b, const char *line, size_t len, ms_t real, ms_t boot)
{
	json_t *j = json_loadb(line, len, 0, NULL);
	const char *ref = member(j, "ref"), *key = member(j, "key");
	ms_t when = 0;
	bool good = json_is_object(j) && clock_parse(member(j, "real"), &when) == 0;
	if (good) {
		struct taken *t =
		    remember(b, key[0] != '\0' ? key : ref, ref, 0, boot - (real - when));
		if (member(j, "via")[0] != '\0')
			index_address(b, member(j, "to"), t);
	}
	json_decref(j);
	return good ? 0 : -1;
}

static int
read_back(struct sandbox_book *b, const char *path, ms_t real, ms_t boot, struct err *e)
{
	char *text;
	gsize len;
	if (!g_file_get_contents(path, &text, &len, NULL))
		return err_set(e, ERR_IO, "read the ledger %s", path);
	size_t from = 0;
	int n = 0, rc = 0;
	for (char *nl; rc == 0 && (nl = memchr(text + from, '\n', len - from)) != NULL;
	     n++) {
		size_t end = (size_t)(nl - text);
		if (read_line(b, text + from, end - from, real, boot) != 0)
			rc = err_set(e, ERR_INPUT,
			    "%s:%d is no ledger line: name another file with --ledger",
			    path, n + 1);
		from = end + 1;
	}
	/* A line without its end was never fsynced, so never answered. */
	if (rc == 0 && from < len && ftruncate(b->fd, (off_t)from) != 0)
		rc = err_set(e, ERR_IO, "cut the ledger %s: %s", path, g_strerror(errno));
	g_free(text);
	return rc;
}

struct sandbox_book *
sandbox_book_open(const char *path, ms_t key_ttl, ms_t real, ms_t boot, struct err *e)
{
	struct sandbox_book *b = g_new0(struct sandbox_book, 1);
	b->key_ttl = key_ttl;
	b->by_key = g_hash_table_new(g_str_hash, g_str_equal);
	b->by_to = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_list);
	b->by_ref = g_hash_table_new(g_str_hash, g_str_equal);
	b->all = g_ptr_array_new_with_free_func(g_free);
	b->texts = g_string_chunk_new(65536);
	b->lines = g_string_sized_new(65536);
	b->at = b->real = INT64_MIN;
	b->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	int rc = 0;
	if (b->fd < 0)
		rc =
		    err_set(e, ERR_IO, "open the ledger %s: %s", path, g_strerror(errno));
	if (rc == 0)
		rc = read_back(b, path, real, boot, e);
	if (rc != 0) {
		sandbox_book_close(b);
		return NULL;
	}
	return b;
}

void
sandbox_book_close(struct sandbox_book *b)
{
	if (b->fd >= 0)
		close(b->fd);
	g_hash_table_destroy(b->by_key);
	g_hash_table_destroy(b->by_ref);
	g_hash_table_destroy(b->by_to);
	g_ptr_array_free(b->all, TRUE);
	g_string_chunk_free(b->texts);
	g_string_free(b->lines, TRUE);
	g_free(b);
}
