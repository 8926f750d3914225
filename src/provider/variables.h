/* variables.h - what gateways of registered texts forbid of variables and links. Pure. (B-CN11) */
#ifndef PROVIDER_VARIABLES_H
#define PROVIDER_VARIABLES_H

#include "provider/provider.h"

#define VARIABLES_APART 1U /* never two side by side */
#define VARIABLES_WORDS 2U /* words of its own round them */

/* Links are always constant and never in a variable. text: without its variables. Nothing
 * when the text has no code there. */
void variables_lint(const struct account *acc, const struct template *t, const char *text,
    unsigned rules, struct report *r);
/* Does a value hold a link? */
bool variables_link(const char *value);

#endif
