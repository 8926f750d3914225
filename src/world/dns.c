#include "world/dns.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <string.h>

#include <glib.h>

#define ANSWER_MAX 65536
#define RECORDS_MAX 64
/* A person waits. */
#define SECONDS 2
#define TRIES 2

struct dns {
	struct __res_state state;
	unsigned char answer[ANSWER_MAX];
};

static int
use(struct dns *d, const char *server, struct err *e)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(53) };
	const char *colon = strchr(server, ':');
	char host[64];
	guint64 port = 53;

	g_strlcpy(host, server, sizeof host);
	if (colon != NULL)
		host[MIN((size_t)(colon - server), sizeof host - 1)] = '\0';
	if (inet_pton(AF_INET, host, &at.sin_addr) != 1 ||
	    (colon != NULL &&
		!g_ascii_string_to_unsigned(colon + 1, 10, 1, 65535, &port, NULL)))
		return err_set(e, ERR_INPUT,
		    "\"%.60s\" is no DNS server: write its address, as 192.0.2.1 or "
		    "192.0.2.1:5353",
		    server);
	at.sin_port = htons((uint16_t)port);
	d->state.nsaddr_list[0] = at;
	d->state.nscount = 1;
	return 0;
}

struct dns *
dns_new(const char *server, struct err *e)
{
	struct dns *d = g_new0(struct dns, 1);

	if (res_ninit(&d->state) != 0) {
		err_set(e, ERR_IO, "the machine's resolv.conf cannot be read");
		g_free(d);
		return NULL;
	}
	d->state.retrans = SECONDS;
	d->state.retry = TRIES;
	if (server != NULL && use(d, server, e) != 0) {
		dns_free(d);
		return NULL;
	}
	return d;
}

void
dns_free(struct dns *d)
{
	if (d == NULL)
		return;
	res_nclose(&d->state);
	g_free(d);
}

/* One text of several strings. */
static const char *
text_of(const unsigned char *p, size_t len, struct arena *a)
{
	char *out = arena_alloc(a, len + 1), *w = out;

	for (size_t i = 0; i < len && i + 1 + p[i] <= len; i += 1U + p[i]) {
		memcpy(w, p + i + 1, p[i]);
		w += p[i];
	}
	*w = '\0';
	return out;
}

static const char *
name_of(const ns_msg *msg, const unsigned char *p, struct arena *a)
{
	char name[NS_MAXDNAME];

	return ns_name_uncompress(
		   ns_msg_base(*msg), ns_msg_end(*msg), p, name, sizeof name) < 0
		   ? ""
		   : arena_strdup(a, name);
}

static const char *
read_one(const ns_msg *msg, const ns_rr *rr, enum dns_type type, struct arena *a)
{
	char address[INET_ADDRSTRLEN] = "";

	if (type == DNS_TXT)
		return text_of(ns_rr_rdata(*rr), ns_rr_rdlen(*rr), a);
	if (type == DNS_MX)
		return ns_rr_rdlen(*rr) < 3 ? "" : name_of(msg, ns_rr_rdata(*rr) + 2, a);
	if (ns_rr_rdlen(*rr) == 4)
		inet_ntop(AF_INET, ns_rr_rdata(*rr), address, sizeof address);
	return arena_strdup(a, address);
}

int
dns_ask(struct dns *d, const char *name, enum dns_type type, struct arena *a,
    const char *const **out)
{
	static const ns_type types[] = { ns_t_txt, ns_t_mx, ns_t_a };
	const char **all = arena_array(a, const char *, RECORDS_MAX);
	int len = res_nquery(
		&d->state, name, ns_c_in, (int)types[type], d->answer, ANSWER_MAX),
	    n = 0;
	ns_msg msg;

	*out = all;
	if (len < 0)
		return d->state.res_h_errno == HOST_NOT_FOUND ||
			       d->state.res_h_errno == NO_DATA
			   ? 0
			   : -1;
	if (ns_initparse(d->answer, MIN(len, ANSWER_MAX), &msg) != 0)
		return -1;
	for (int i = 0; i < ns_msg_count(msg, ns_s_an) && n < RECORDS_MAX; i++) {
		ns_rr rr;

		/* An alias stands beside what it leads to. */
		if (ns_parserr(&msg, ns_s_an, i, &rr) == 0 &&
		    ns_rr_type(rr) == types[type])
			all[n++] = read_one(&msg, &rr, type, a);
	}
	return n;
}
