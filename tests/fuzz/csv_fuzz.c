/* csv_fuzz.c - a table people hand us, whatever it is: customers and opt-outs, twice
 * over. */
#include "fuzz.h"

#include "memfile.h"
#include "spec/customers.h"
#include "spec/optouts.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memfile f = memfile_of(data, size);
	struct arena *a = arena_new();
	struct err e = { 0 };
	struct customers *c = customers_open(f.path, TABLE_DETECT, NULL, &e);
	struct optouts *o = optouts_open(f.path, TABLE_DETECT, NULL, &e);
	struct row_fault fault;
	struct customer one;
	struct optout out;

	while (c != NULL && customers_next(c, a, &one, &fault, &e) == 1)
		if (!g_utf8_validate(one.name, -1, NULL) ||
		    g_utf8_strlen(one.name, -1) > 128)
			abort();
	if (c != NULL && table_rewind(customers_columns(c)->table, &e) == 0)
		customers_next(c, a, &one, &fault, &e);
	while (o != NULL && optouts_next(o, a, &out, &fault, &e) == 1)
		;
	customers_close(c);
	optouts_close(o);
	arena_free(a);
	memfile_close(&f);
	return 0;
}
