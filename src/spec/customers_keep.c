/* customers_keep.c - files that do not tell everything. */
#include <string.h>

#include "customers_cell.h"

static const struct {
	enum field field;
	size_t offset;
} texts[] = {
	{ FIELD_NAME, offsetof(struct customer, name) },
	{ FIELD_GENDER, offsetof(struct customer, gender) },
	{ FIELD_STAGE, offsetof(struct customer, stage) },
	{ FIELD_STORE, offsetof(struct customer, store) },
	{ FIELD_ADVISOR, offsetof(struct customer, advisor) },
	{ FIELD_TZ, offsetof(struct customer, tz) },
	{ FIELD_TAGS, offsetof(struct customer, tags) },
};
#define TEXT(c, i) (*(const char **)(void *)((char *)(c) + texts[i].offset))

static const struct {
	enum field field;
	enum channel channel;
} addresses[] = {
	{ FIELD_PHONE, CHANNEL_SMS },
	{ FIELD_EMAIL, CHANNEL_EMAIL },
	{ FIELD_WECOM, CHANNEL_WECOM },
	{ FIELD_PUSH, CHANNEL_PUSH },
};

static bool
says(const struct customers *r, enum field field)
{
	return r->told[field] && !r->left_out[field];
}

/* The number to call is the landline's, else the mobile's. */
static void
keep_addresses(
    const struct customers *r, struct customer *row, const struct customer *said)
{
	const char *call = said->address[CHANNEL_PHONE];
	bool mobile = strcmp(call, said->address[CHANNEL_SMS]) == 0;

	for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++)
		if (!r->told[addresses[i].field] &&
		    *row->address[addresses[i].channel] == '\0')
			row->address[addresses[i].channel] =
			    said->address[addresses[i].channel];
	if (*row->address[CHANNEL_PHONE] == '\0' &&
	    !r->told[mobile ? FIELD_PHONE : FIELD_LANDLINE])
		row->address[CHANNEL_PHONE] = call;
}

void
customers_keep(const struct customers *r, struct arena *a, struct customer *row,
    const struct customer *said)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		/* A company's column names it too. */
		if (!says(r, texts[i].field) &&
		    (texts[i].field != FIELD_NAME || *row->name == '\0'))
			TEXT(row, i) = TEXT(said, i);
	keep_addresses(r, row, said);
	row->attrs = columns_attributes(&r->cols, a, row->attrs, said->attrs);
	if (!says(r, FIELD_CONSENT))
		memcpy(row->consent, said->consent, sizeof(row->consent));
	if (!says(r, FIELD_BIRTHDAY))
		row->birthday = said->birthday;
	if (!says(r, FIELD_FIRST_VISIT))
		row->first_visit = said->first_visit;
	if (!says(r, FIELD_SPEND))
		row->spend_12m = said->spend_12m;
}

bool
customers_told(const struct customers *r, const char *field)
{
	for (int i = 0; i < FIELDS; i++)
		if (strcmp(r->cols.fields[i].name, field) == 0)
			return r->told[i];
	return false;
}

const char *
customers_untold(const struct customers *r, struct arena *a)
{
	const char *list = "";

	/* Few files tell of companies and households: nobody misses those. */
	for (int i = 0; i <= FIELD_TAGS; i++)
		if (!r->told[i] && i != FIELD_LANDLINE)
			list = arena_printf(a, "%s%s%s", list, *list == '\0' ? "" : ", ",
			    r->cols.fields[i].name);
	return list;
}
