/* kills_feed.c - dealer's system, gateway's receipts and customers' answers, while the
 * daemon is killed. One thread, one request at a time; an item is posted again until
 * it is answered, as they all do. */
#include "kills.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>
#include <jansson.h>

#define TIMEOUT 500L  /* ms */
#define STOP_EVERY 12 /* lines of the ledger */
#define STOPS_MAX 60

static struct {
	struct kills *k;
	GThread *thread;
	gint stop;
	CURL *curl;
	FILE *ledger;
	int visits, lines;
} feed;

static size_t
swallow(char *p, size_t size, size_t n, void *arg)
{
	(void)p;
	(void)arg;
	return size * n;
}

/* The status of the answer; 0: there was none. */
static long
post(const char *path, const char *key, const char *body)
{
	struct curl_slist *headers =
	    curl_slist_append(NULL, "Content-Type: application/json");
	char *url = g_strconcat("http://localhost", path, NULL);
	char *line = g_strconcat("Idempotency-Key: ", key, NULL);
	long status = 0;
	CURL *h = feed.curl;

	headers = curl_slist_append(headers, line);
	curl_easy_reset(h);
	curl_easy_setopt(h, CURLOPT_UNIX_SOCKET_PATH, feed.k->socket);
	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(h, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, swallow);
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, TIMEOUT);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	if (curl_easy_perform(h) == CURLE_OK)
		curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	g_free(line);
	g_free(url);
	return status;
}

/* false: stopped before it was taken. */
static bool
insist(const char *path, const char *key, const char *body)
{
	long status;

	while ((status = post(path, key, body)) / 100 != 2) {
		/* 409: the same key is still under way on a connection that was cut */
		if (status / 100 == 4 && status != 409) {
			fprintf(
			    stderr, "kills: %s answered %ld to %s\n", path, status, body);
			return false;
		}
		if (g_atomic_int_get(&feed.stop))
			return false;
		g_usleep(3000);
	}
	return true;
}

static void
visit(void)
{
	char id[32], body[256], at[CLOCK_TEXT];

	if (feed.visits == KILLS_VISITORS)
		return;
	snprintf(id, sizeof(id), "visit-%d", feed.visits);
	snprintf(body, sizeof(body),
	    "{\"id\":\"%s\",\"customer\":\"V%05d\",\"type\":\"visit\",\"at\":\"%s\"}", id,
	    feed.visits, kills_wall(feed.k, at));
	feed.visits++;
	if (insist("/v1/events", id, body))
		g_ptr_array_add(feed.k->acked.events, g_strdup(id));
}

static void
receipt(const char *ref)
{
	char key[32], body[256];

	snprintf(key, sizeof(key), "receipt-%d", feed.lines);
	snprintf(body, sizeof(body),
	    "{\"events\":[{\"id\":\"%s\",\"type\":\"delivered\",\"ref\":\"%s\"}]}", key,
	    ref);
	if (insist("/hooks/sandbox/keyed", key, body))
		g_ptr_array_add(feed.k->acked.receipts, g_strdup(key));
}

static void
stop_word(const char *from)
{
	char key[32], body[256];
	ms_t *at;

	if (g_hash_table_contains(feed.k->acked.stops, from))
		return;
	snprintf(key, sizeof(key), "stop-%d", feed.lines);
	snprintf(body, sizeof(body),
	    "{\"events\":[{\"id\":\"%s\",\"type\":\"reply\",\"from\":\"%s\",\"text\":"
	    "\"TD\"}]}",
	    key, from);
	if (!insist("/hooks/sandbox/keyed", key, body))
		return;
	at = g_new(ms_t, 1);
	*at = kills_real();
	g_ptr_array_add(feed.k->acked.receipts, g_strdup(key));
	g_hash_table_insert(feed.k->acked.stops, g_strdup(from), at);
}

/* Answers to the next SMS of the ledger, if there is a new one. */
static void
answer_next(void)
{
	char line[4096];
	long from = ftell(feed.ledger);
	json_t *j;

	if (fgets(line, sizeof(line), feed.ledger) == NULL ||
	    strchr(line, '\n') == NULL) {
		clearerr(feed.ledger);
		fseek(feed.ledger, from, SEEK_SET);
		return;
	}
	j = json_loads(line, 0, NULL);
	if (g_strcmp0(json_string_value(json_object_get(j, "account")), "keyed") == 0) {
		feed.lines++;
		if (feed.lines % STOP_EVERY != 0)
			receipt(json_string_value(json_object_get(j, "ref")));
		else if (g_hash_table_size(feed.k->acked.stops) < STOPS_MAX)
			stop_word(json_string_value(json_object_get(j, "to")));
	}
	json_decref(j);
}

static gpointer
run(gpointer arg)
{
	(void)arg;
	while (!g_atomic_int_get(&feed.stop)) {
		visit();
		answer_next();
		g_usleep(2000);
	}
	return NULL;
}

void
kills_feed_start(struct kills *k)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
	feed.k = k;
	feed.curl = curl_easy_init();
	feed.ledger = fopen(k->ledger, "r");
	if (feed.curl == NULL || feed.ledger == NULL)
		abort();
	feed.thread = g_thread_new("feed", run, NULL);
}

void
kills_feed_stop(void)
{
	g_atomic_int_set(&feed.stop, 1);
	g_thread_join(feed.thread);
	curl_easy_cleanup(feed.curl);
	fclose(feed.ledger);
}
