/* fields.h - one cell of an imported table as text, date, number, consent or tags.
 *
 * Text comes from the arena; nothing else is kept. The first thing wrong makes the
 * whole cell wrong: half of a value is never taken. */
#ifndef SPEC_FIELDS_H
#define SPEC_FIELDS_H

#include "base/arena.h"
#include "core/customer.h"
#include "spec/table.h"

/* Trimmed, without control characters, at most max characters. The ' of our own
 * exports and Excel's ="0123" are taken off; any other formula stays as it is. */
const char *fields_text(struct arena *a, struct table_cell cell, size_t max);
/* "", -, /, 无, N/A, NULL, #N/A ...: what people and exports write for nothing. */
bool fields_blank(const char *s);

enum field_date { DATE_READ, DATE_NONE, DATE_DEFAULT, DATE_BAD };

/* 2024-03-05, 2024/3/5, 2024.3.5, 2024年3月5日, 20240305, a serial of five digits;
 * a time after it is left out. DATE_DEFAULT: 1900-01-01, what databases write for
 * nothing. The year is 1900 to 2100; 13/12/26 is refused, not guessed. */
enum field_date fields_date(const char *s, bool from_1904, struct date *out);

/* "1,234.50", "¥1234", "1234元", "3次"; -1: not a number of 0 or more. */
int fields_number(const char *s, double *out);

/* "marketing", or "sms:marketing;wecom:service" where what is not named is none. On -1
 * *bad is the part that is not understood. */
int fields_consent(
    struct arena *a, const char *s, unsigned char out[CHANNELS], const char **bad);

/* "sms", "短信" ...; -1: none of them. */
int fields_channel(const char *s);

/* Separated by ; , 、 | in either width: sorted, each once, no spaces. */
const char *fields_tags(struct arena *a, const char *s);

/* "1,234.50" and the like as above, whole and at most max; -1. */
int fields_count(const char *s, int max, int *out);

/* A date as above with its time of day, if there is one, in minutes; or an instant with
 * its offset, then *at. */
enum field_date fields_moment(
    const char *s, bool from_1904, struct date *out, int *minute, ms_t *at);

/* Adds "name":value to a JSON object that is being written ("" at first, without its
 * last brace). name is a JSON string already. */
void fields_attribute(GString *out, const char *name, const char *s);

/* The word of a closed list for what people write: {"高|高价值|high", "high"}; or NULL.
 */
struct fields_word {
	const char *written, *word;
};
const char *fields_word(const struct fields_word *words, const char *s);

/* "1.54E+10": a long number as a spreadsheet shows it, its last digits lost. */
bool fields_is_shortened(const char *s);

#endif
