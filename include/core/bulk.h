/* bulk.h - how many mails a day mailboxes take from a domain that does not prove itself (B-EM1). Pure. */
#ifndef CORE_BULK_H
#define CORE_BULK_H

/* Gmail's since 2024-02-01, Outlook.com's since 2025-05-05: who sends more in a day, by all names
 * under his primary domain, must have SPF, DKIM and DMARC. */
#define BULK_A_DAY 5000

/* The primary domain by the Public Suffix List, within the name, which is in small letters:
 * "news.dealer.com.cn" -> "dealer.com.cn". */
const char *bulk_domain(const char *domain);

#endif
