#include "told.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"

void
told_bind(struct store *s, struct sql *q, int parameter, const char *place, json_t *told)
{
	char *text = json_dumps(told, JSON_COMPACT);
	uint8_t *sealed;
	size_t n;

	CHECK(text != NULL); /* packed from UTF-8 */
	n = strlen(text);
	sealed = arena_alloc(store_scratch(s), n + CRYPT_OVERHEAD);
	n = crypt_seal(store_crypt(s), place, text, n, sealed);
	free(text);
	sql_blob(q, parameter, sealed, n);
}

json_t *
told_open(struct store *s, struct sql *q, int column, const char *place, struct err *e)
{
	size_t n;
	const void *sealed = sql_col_blob(q, column, &n);
	char *text = arena_alloc(store_scratch(s), n + 1);
	ptrdiff_t len = crypt_open(store_crypt(s), place, sealed, n, text);
	json_t *told = len < 0 ? NULL : json_loadb(text, (size_t)len, 0, NULL);

	if (told == NULL)
		err_set(e, ERR_IO, "a contact does not open with this key");
	return told;
}

const char *
told_text(struct store *s, const json_t *told, const char *key)
{
	const char *text = json_string_value(json_object_get(told, key));

	return text == NULL ? "" : arena_strdup(store_scratch(s), text);
}
