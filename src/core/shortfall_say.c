/* shortfall_say.c - what is missing, in one plain sentence. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/shortfall.h"

struct line {
	char *text;
	size_t used;
};

__attribute__((format(printf, 2, 3))) static void
put(struct line *l, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(l->text + l->used, SHORTFALL_TEXT - l->used, format, args);
	va_end(args);
	if (n > 0)
		l->used += (size_t)n;
	if (l->used >= SHORTFALL_TEXT)
		l->used = SHORTFALL_TEXT - 1;
}

/* A path as written, or what it all is. */
static void
put_subject(struct line *l, const struct lack *k)
{
	const struct expr *x = k->expr->op == EXPR_PATH ? k->expr : k->expr->left;

	if (x == NULL || x->op != EXPR_PATH) {
		put(l, "%.120s", k->cond->text);
		return;
	}
	for (int i = 0; i < x->n_parts; i++)
		put(l, "%s%.60s", i > 0 ? "." : "",
		    x->parts[i].name == NULL ? "[...]" : x->parts[i].name);
}

static void
put_value(struct line *l, struct value v, bool zh)
{
	switch (v.type) {
	case VALUE_INT:
		put(l, "%" PRId64, v.i);
		break;
	case VALUE_FLOAT:
		put(l, "%g", round(v.f * 1000) / 1000);
		break;
	case VALUE_STR:
		put(l, "\"%.*s\"", (int)(v.s.len < 40 ? v.s.len : 40), v.s.p);
		break;
	case VALUE_BOOL:
		put(l, "%s", v.b ? "true" : "false");
		break;
	case VALUE_NIL:
		put(l, "%s", zh ? "未知" : "unknown");
		break;
	case VALUE_EMPTY:
		put(l, "%s", zh ? "空" : "empty");
		break;
	case VALUE_BLANK:
		put(l, "%s", zh ? "空白" : "blank");
		break;
	default: /* a list, a map, an instant */
		put(l, "%s", zh ? "另外的值" : "something else");
	}
}

/* Names of signals tell what they count. */
static const char *
unit(const struct lack *k, bool zh)
{
	const struct expr *x = k->expr->left;
	const char *name = x != NULL && x->op == EXPR_PATH && x->n_parts > 0
			       ? x->parts[x->n_parts - 1].name
			       : NULL;

	if (name != NULL && strncmp(name, "days_", 5) == 0)
		return zh ? "天" : " days";
	if (name != NULL && (strncmp(name, "spend_", 6) == 0 || strcmp(name, "clv") == 0))
		return zh ? "元" : " yuan";
	return "";
}

static void
put_distance(struct line *l, const struct lack *k, bool zh)
{
	bool short_of = (k->expr->op == EXPR_GE || k->expr->op == EXPR_GT) != k->unwanted;

	if (!k->measured || k->by == 0)
		return;
	if (zh)
		put(l, "，%s %g%s%s", short_of ? "还差" : "多了", round(k->by * 1000) / 1000,
		    *unit(k, zh) == '\0' ? "" : " ", unit(k, zh));
	else
		put(l, ": %g%s %s", round(k->by * 1000) / 1000, unit(k, zh),
		    short_of ? "short" : "too many");
}

/* Words for an operator that must, or must not, come out true. */
static const char *
words(enum expr_op op, bool unwanted, bool zh)
{
	static const struct {
		const char *en, *zh, *en_not, *zh_not;
	} all[] = {
		[EXPR_EQ] = { "must be", "应为", "must not be", "不应为" },
		[EXPR_NE] = { "must not be", "不应为", "must be", "应为" },
		[EXPR_LT] = { "must be less than", "应小于", "must be at least",
		    "应不小于" },
		[EXPR_GT] = { "must be more than", "应大于", "must be at most",
		    "应不大于" },
		[EXPR_LE] = { "must be at most", "应不大于", "must be more than",
		    "应大于" },
		[EXPR_GE] = { "must be at least", "应不小于", "must be less than",
		    "应小于" },
		[EXPR_CONTAINS] = { "must contain", "应含有", "must not contain",
		    "不应含有" },
	};

	return zh ? (unwanted ? all[op].zh_not : all[op].zh)
		  : (unwanted ? all[op].en_not : all[op].en);
}

void
shortfall_say(const struct lack *k, bool zh, char out[SHORTFALL_TEXT])
{
	struct line l = { out, 0 };
	enum expr_op op = k->expr->op;

	*out = '\0';
	put_subject(&l, k);
	if (op == EXPR_LITERAL || op == EXPR_PATH || op == EXPR_RANGE) {
		put(&l, "%s",
		    zh ? (k->unwanted ? " 不应成立" : " 不成立")
		       : (k->unwanted ? " must not hold" : " does not hold"));
		return;
	}
	/* "is unknown, must not be unknown" says it twice. */
	if (k->have.type == VALUE_NIL && k->want.type == VALUE_NIL) {
		put(&l, "%s", zh ? " 还不知道" : " is not known");
		return;
	}
	if (zh && k->have.type == VALUE_NIL) {
		put(&l, " 还不知道，");
	} else if (op != EXPR_CONTAINS) {
		put(&l, "%s", zh ? " 是 " : " is ");
		put_value(&l, k->have, zh);
		put(&l, "%s", zh ? "，" : ", ");
	} else {
		put(&l, " ");
	}
	put(&l, "%s ", words(op, k->unwanted, zh));
	put_value(&l, k->want, zh);
	put_distance(&l, k, zh);
}
