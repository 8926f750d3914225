#include "answer.h"

#include "core/twin.h"

void
answer_json(engine_answer *cb, void *arg, int status, const json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	cb(arg, status, text);
	free(text);
}

void
answer_error(engine_answer *cb, void *arg, int status, const char *text)
{
	json_t *j = json_pack("{ss}", "error", text);

	answer_json(cb, arg, status, j);
	json_decref(j);
}

void
answer_failed(engine_answer *cb, void *arg)
{
	answer_error(cb, arg, 503, "the database cannot answer now: try again");
}

void
answer_twin(json_t *j, const char *key, const char *en)
{
	char zh[TWIN_TEXT];

	if (twin_zh(en, zh, sizeof(zh)))
		json_object_set_new(j, key, json_string(zh));
}
