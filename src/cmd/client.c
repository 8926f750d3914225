#include "client.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>
#include <jansson.h>

#include "base/arena.h"
#include "spec/yaml.h"

#define LOCAL "var/reachd.sock"
#define SYSTEM "/run/reachd/reachd.sock"
#define ANSWER_MAX (256 << 20)
#define LOOK_EVERY 200 /* ms */

struct exchange {
	const struct client_ask *ask;
	struct client_answer *out;
	GString *line; /* begun, not yet whole */
	curl_off_t taken; /* bytes read for the upload */
};

/* The state directory of a configuration, whatever else is wrong in it. */
static char *
socket_of(const char *config, struct err *e)
{
	char *file = g_build_filename(config, "reachd.yaml", NULL), *text = NULL,
	     *path = NULL;
	gsize len = 0;
	struct arena *a = arena_new();
	struct report *r = report_new();
	struct yaml *root = NULL;
	const char *state = "var";

	if (g_file_get_contents(file, &text, &len, NULL))
		root = yaml_parse(a, file, text, len, r);
	if (root == NULL) {
		err_set(e, ERR_INPUT,
		    "%s cannot be read: give the directory of reachd.yaml", file);
	} else {
		yaml_str(yaml_get(root, "state"), &state, r);
		path = g_build_filename(state, "reachd.sock", NULL);
	}
	report_free(r);
	arena_free(a);
	g_free(text);
	g_free(file);
	return path;
}

static char *
find_socket(const struct client *c, struct err *e)
{
	if (c->socket != NULL)
		return g_strdup(c->socket);
	if (c->config != NULL)
		return socket_of(c->config, e);
	return g_strdup(
	    access(LOCAL, F_OK) != 0 && access(SYSTEM, F_OK) == 0 ? SYSTEM : LOCAL);
}

static void
take_line(struct exchange *x)
{
	if (!x->ask->line(x->ask->arg, x->line->str)) {
		g_string_append_len(x->out->body, x->line->str, (gssize)x->line->len);
		g_string_append_c(x->out->body, '\n');
	}
	g_string_truncate(x->line, 0);
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;
	size_t len = size * n;

	if (x->out->body->len + x->line->len + len > ANSWER_MAX)
		return 0;
	if (x->ask->line == NULL) {
		g_string_append_len(x->out->body, data, (gssize)len);
		return len;
	}
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\n')
			take_line(x);
		else
			g_string_append_c(x->line, data[i]);
	}
	return len;
}

static int
on_progress(
    void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
	struct exchange *x = arg;

	(void)down_all;
	(void)down;
	(void)up_all;
	if (x->ask->progress == NULL || !x->ask->progress(x->ask->arg, up))
		return 0;
	x->out->stopped = true;
	return 1;
}

static size_t
on_upload(char *buf, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;
	struct pollfd from = { .fd = x->ask->fd, .events = POLLIN };
	ssize_t got;

	do {
		/* A pipe may stay silent; whoever waits for it can still stop us. */
		while (poll(&from, 1, LOOK_EVERY) <= 0)
			if (on_progress(x, 0, 0, 0, x->taken) != 0)
				return CURL_READFUNC_ABORT;
		got = read(x->ask->fd, buf, size * n);
	} while (got < 0 && errno == EINTR);
	x->out->uploaded = got == 0;
	x->taken += got > 0 ? got : 0;
	return got < 0 ? CURL_READFUNC_ABORT : (size_t)got;
}

static void
set_body(CURL *h, struct exchange *x)
{
	const struct client_ask *ask = x->ask;

	if (strcmp(ask->method, "POST") == 0)
		curl_easy_setopt(h, CURLOPT_POST, 1L);
	if (ask->upload) {
		curl_easy_setopt(h, CURLOPT_READFUNCTION, on_upload);
		curl_easy_setopt(h, CURLOPT_READDATA, x);
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->size);
	} else {
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->len);
		if (strcmp(ask->method, "POST") == 0)
			curl_easy_setopt(
			    h, CURLOPT_POSTFIELDS, ask->body != NULL ? ask->body : "");
	}
}

/* "Authorization: Bearer ...": from a file, so that no list of processes shows it. */
static char *
bearer(const char *file, struct err *e)
{
	char *text = NULL, *field;
	gsize len;

	if (!g_file_get_contents(file, &text, &len, NULL) || len > 200) {
		/* Without the name: it may be the token itself. */
		err_set(e, ERR_INPUT,
		    "--token names a file with a token in it: there is none to be read");
		g_free(text);
		return NULL;
	}
	field = g_strconcat("Authorization: Bearer ", g_strstrip(text), NULL);
	g_free(text);
	return field;
}

static struct curl_slist *
headers_of(const struct client_ask *ask)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");

	for (int i = 0; ask->headers != NULL && ask->headers[i] != NULL; i++)
		list = curl_slist_append(list, ask->headers[i]);
	if (ask->upload && ask->size < 0)
		list = curl_slist_append(list, "Transfer-Encoding: chunked");
	return list;
}

static CURLcode
perform(const char *path, const char *token, struct exchange *x)
{
	CURL *h = curl_easy_init();
	struct curl_slist *headers = headers_of(x->ask);
	char *url = g_strconcat("http://localhost", x->ask->path, NULL);
	long status = 0;
	CURLcode rc;

	if (token != NULL)
		headers = curl_slist_append(headers, token);
	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_UNIX_SOCKET_PATH, path);
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
	curl_easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	set_body(h, x);
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(h, CURLOPT_XFERINFODATA, x);
	rc = curl_easy_perform(h);
	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
	x->out->status = (int)status;
	curl_slist_free_all(headers);
	curl_easy_cleanup(h);
	g_free(url);
	return rc;
}

int
client_ask(const struct client *c, const struct client_ask *ask,
    struct client_answer *out, struct err *e)
{
	struct exchange x = { .ask = ask, .out = out };
	char *path = find_socket(c, e), *token = NULL;
	CURLcode rc;

	*out = (struct client_answer){ 0 };
	if (path != NULL && c->token != NULL && (token = bearer(c->token, e)) == NULL)
		g_clear_pointer(&path, g_free);
	if (path == NULL)
		return -1;
	out->body = g_string_new("");
	x.line = g_string_new("");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	rc = perform(path, token, &x);
	g_free(token);
	if (x.line->len > 0)
		take_line(&x);
	g_string_free(x.line, TRUE);
	/* an answer before the end of an upload is a refusal, and stands */
	if (rc == CURLE_OK || out->stopped ||
	    (out->status >= 400 && rc == CURLE_SEND_ERROR))
		rc = CURLE_OK;
	else if (rc == CURLE_COULDNT_CONNECT || rc == CURLE_URL_MALFORMAT)
		err_set(e, ERR_IO,
		    "reachd is not running (no answer at %s): start it with `reachd run "
		    "--config "
		    "config`, or name its socket with --socket",
		    path);
	else
		err_set(e, ERR_IO, "the connection to reachd at %s broke: %s", path,
		    curl_easy_strerror(rc));
	g_free(path);
	if (rc != CURLE_OK)
		client_answer_fini(out);
	return rc == CURLE_OK ? 0 : -1;
}

void
client_answer_fini(struct client_answer *a)
{
	if (a->body != NULL)
		g_string_free(a->body, TRUE);
	a->body = NULL;
}

int
client_exit(int status)
{
	if (status >= 200 && status < 300)
		return 0;
	if (status == 409)
		return 3;
	if (status == 429 || status == 503 || status == 507)
		return 4;
	return status >= 400 && status < 500 ? 1 : 5;
}

char *
client_error(const char *body)
{
	json_t *j = json_loads(body, 0, NULL);
	const char *text = json_string_value(json_object_get(j, "error"));
	char *out = g_strdup(text != NULL ? text : body);

	json_decref(j);
	return g_strchomp(out);
}

void
client_refused(const char *verb, const char *body)
{
	json_t *j = json_loads(body, 0, NULL);
	const char *report = json_string_value(json_object_get(j, "report"));
	char *error = client_error(body);

	if (report != NULL)
		fputs(report, stderr);
	fprintf(stderr, "reachd %s: %s\n", verb, error);
	g_free(error);
	json_decref(j);
}

int
client_get(
    const struct client *c, const char *verb, const char *path, struct json_t **out)
{
	const struct client_ask ask = { .method = "GET", .path = path };
	struct client_answer ans;
	struct err e = { 0 };
	int code;

	if (client_ask(c, &ask, &ans, &e) != 0)
		return options_fail(verb, &e);
	code = client_exit(ans.status);
	*out = code == 0 ? json_loadb(ans.body->str, ans.body->len, 0, NULL) : NULL;
	if (code == 0 && *out == NULL) {
		err_set(&e, ERR_INTERNAL, "the daemon's answer is not JSON");
		code = options_fail(verb, &e);
	} else if (code != 0) {
		char *text = client_error(ans.body->str);

		fprintf(stderr, "reachd %s: %s\n", verb, text);
		g_free(text);
	}
	client_answer_fini(&ans);
	return code;
}

int
client_show(const struct client *c, const char *verb, const char *path, bool as_json,
    void (*print)(const struct json_t *))
{
	json_t *j;
	int code = client_get(c, verb, path, &j);

	if (code != 0)
		return code;
	if (as_json) {
		json_dumpf(j, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		print(j);
	}
	json_decref(j);
	return 0;
}
