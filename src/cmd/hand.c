#include "hand.h"

#include <stdio.h>
#include <string.h>

void
hand_set(json_t *in, const char *key, const char *text)
{
	if (text != NULL)
		json_object_set_new(in, key, json_string(text));
}

int
hand_ask(
    const struct client *c, const char *verb, const char *order, json_t *in, json_t **out)
{
	char *path = g_strdup_printf("/v1/hand/%s", order);
	int code = hand_post(c, verb, path, in, out);

	g_free(path);
	return code;
}

int
hand_post(
    const struct client *c, const char *verb, const char *path, json_t *in, json_t **out)
{
	static const char *const headers[] = { "Content-Type: application/json", NULL };
	char *body = json_dumps(in, JSON_COMPACT);
	const struct client_ask ask = { .method = "POST",
		.path = path,
		.headers = headers,
		.body = body,
		.len = strlen(body) };
	struct client_answer ans;
	struct err e = { 0 };
	int code;

	*out = NULL;
	if (client_ask(c, &ask, &ans, &e) != 0) {
		code = options_fail(verb, &e);
	} else {
		code = client_exit(ans.status);
		if (code == 0) {
			*out = json_loads(ans.body->str, 0, NULL);
		} else {
			char *text = client_error(ans.body->str);

			fprintf(stderr, "reachd %s: %s\n", verb, text);
			g_free(text);
		}
		client_answer_fini(&ans);
	}
	json_decref(in);
	free(body);
	return code;
}
