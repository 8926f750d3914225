#include <stdbool.h>

#include "show.h"
#include "words.h"

/* "household H1 with C2, C3" */
static void
print_list(const json_t *ties, const char *key, const char *words)
{
	const json_t *list = json_object_get(ties, key), *one;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	fputs(words, stdout);
	json_array_foreach(list, i, one)
	{
		char *clean =
		    show_clean(json_is_string(one) ? json_string_value(one) : "");

		printf("%s%s", i > 0 ? ", " : "", clean);
		g_free(clean);
	}
	putchar('\n');
}

static void
print_cars(const json_t *ties, GStringChunk *keep)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(ties, "vehicles"), i, one)
	{
		const char *plate = show_text(one, "plate", keep),
			   *of = show_text(one, "of", keep),
			   *driver = show_text(one, "driver", keep);

		printf("  %s  %s",
		    *plate != '\0' ? plate : show_text(one, "vehicle", keep),
		    show_text(one, "model", keep));
		if (*of != '\0')
			printf(SAY("  of %s", "  属于 %s"), of);
		if (*driver != '\0')
			printf(SAY("  driven by %s", "  由 %s 驾驶"), driver);
		putchar('\n');
	}
	if (show_int(ties, "cars") >
	    (json_int_t)json_array_size(json_object_get(ties, "vehicles")))
		printf(SAY("  … %s in all\n", "  …… 一共 %s 辆\n"),
		    show_text(ties, "cars", keep));
}

void
show_ties(const json_t *ties, bool full)
{
	GStringChunk *keep = g_string_chunk_new(1024);
	const char *contact = show_text(ties, "contact", keep),
		   *name = show_text(ties, "contact_name", keep);

	if (*show_text(ties, "kind", keep) != '\0' &&
	    (full || g_str_equal(show_text(ties, "kind", keep), "company")))
		puts(g_str_equal(show_text(ties, "kind", keep), "company")
			 ? SAY("company", "公司")
			 : SAY("person", "个人"));
	if (*contact != '\0' || *name != '\0')
		printf(SAY("contact %s%s%s\n", "联系人 %s%s%s\n"), contact,
		    *contact != '\0' && *name != '\0' ? " " : "", name);
	if (*show_text(ties, "household", keep) != '\0')
		printf(SAY("household %s\n", "家庭 %s\n"),
		    show_text(ties, "household", keep));
	print_list(ties, "household_with", SAY("lives with ", "一家人："));
	print_list(
	    ties, "shares_an_address_with", SAY("shares an address with ", "共用地址："));
	print_list(ties, "contact_of", SAY("is spoken to for ", "是这些公司的联系人："));
	if (full)
		print_cars(ties, keep);
	else if (show_int(ties, "cars") > 1)
		printf(*contact == '\0'
			   ? SAY("hears of %s vehicles\n", "收到 %s 辆车的消息\n")
			   : SAY("has %s vehicles\n", "名下 %s 辆车\n"),
		    show_text(ties, "cars", keep));
	g_string_chunk_free(keep);
}
