/* words.h - the closed word lists of outreach: channels, categories, tiers of reasons.
 *
 * One table each; parsers, printers, the store and the manual read the same. */
#ifndef CORE_WORDS_H
#define CORE_WORDS_H

enum channel { CHANNEL_SMS, CHANNEL_WECOM, CHANNEL_EMAIL, CHANNEL_PUSH, CHANNEL_PHONE, CHANNELS };
enum category { CATEGORY_MARKETING, CATEGORY_SERVICE, CATEGORY_TRANSACTIONAL, CATEGORIES };

const char *channel_name(int channel);
int channel_find(const char *name); /* -1: none */
const char *category_name(int category);
int category_find(const char *name);
extern const char *const channel_names[];  /* NULL-terminated */
extern const char *const category_names[];

#endif
