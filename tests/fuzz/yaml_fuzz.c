/* yaml_fuzz.c - a file of the set, by all its readers: configuration, policy, template.
 */
#include "fuzz.h"

#include "memfile.h"
#include "spec/single.h"
#include "spec/yaml.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memfile f = memfile_of(data, size);
	struct arena *a = arena_new();
	struct report *r = report_new();
	bool bare;

	yaml_parse(a, "f.yaml", (const char *)data, size, r);
	single_config(a, f.path, r);
	single_policy(a, f.path, r);
	single_template(a, f.path, &bare, r);
	report_free(r);
	arena_free(a);
	memfile_close(&f);
	return 0;
}
