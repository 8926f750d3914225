#include "show.h"

#include "words.h"

#include <stdio.h>
#include <string.h>

/* "named won 2026-03-17 10:00, p 0.012" */
static void
print_finding(const json_t *x, GStringChunk *keep)
{
	const char *verdict = show_text(x, "verdict", keep),
		   *arm = show_text(x, "arm", keep);
	const char *decided = show_time(show_text(x, "decided", keep), keep);
	double p = json_number_value(json_object_get(x, "p"));

	if (strcmp(verdict, "winner") == 0)
		printf(
		    SAY("%s won %s, p %.3g", "%s 于 %s 胜出，p %.3g"), arm, decided, p);
	else if (strcmp(verdict, "none") == 0)
		printf(SAY("nobody won (%s, p %.3g), %s from then on",
			   "没有分出胜负（%s，p %.3g），此后用 %s"),
		    decided, p, arm);
	else if (strcmp(verdict, "direction") == 0)
		printf(
		    SAY("too few for more than a direction (%s, p %.3g), %s from then on",
			"样本太少，只看出方向（%s，p %.3g），此后用 %s"),
		    decided, p, arm);
	else if (*show_text(x, "decide", keep) != '\0')
		printf(SAY("to be decided %s", "%s 决定"),
		    show_time(show_text(x, "decide", keep), keep));
	else
		printf(
		    "%s", SAY("runs on, nothing is to be decided", "一直进行，不作决定"));
}

void
show_experiments(const json_t *list, const char *indent, GStringChunk *keep)
{
	const json_t *x, *arm;
	size_t i, k;

	json_array_foreach(list, i, x)
	{
		printf(SAY("%sA/B %s, step %s, since %s: ",
			   "%sA/B 测试 %s，步骤 %s，自 %s 起："),
		    indent, show_text(x, "experiment", keep), show_text(x, "step", keep),
		    show_time(show_text(x, "since", keep), keep));
		print_finding(x, keep);
		printf("\n%s   ", indent);
		json_array_foreach(json_object_get(x, "arms"), k, arm) printf(
		    SAY(" %s %s of %s (%.1f %%)%s", " %s：%s/%s（%.1f %%）%s"),
		    show_text(arm, "arm", keep), show_text(arm, "hits", keep),
		    show_text(arm, "people", keep),
		    json_number_value(json_object_get(arm, "share")) * 100,
		    k + 1 < json_array_size(json_object_get(x, "arms")) ? SAY(",", "，")
									: "\n");
	}
}
