/* check_dns_test.c - `reachd check-dns` and `reachd doctor` against a real name server, of our own
 * on 127.0.0.1: by UDP, and by TCP what is too long for that (B-EM1). */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon.h"

#define TXT 16
#define MX 15
#define CNAME 5
#define UDP_MOST 512

#define KEY_2048                                                                         \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4LGU+k4L0VZzZ8OWwJN+"              \
	"XKCdfCqmNPqKBEd"                                                                \
	"/v1ITlwupAkAYk2GtOYH+I8kFNSWmXjYh+"                                             \
	"uv4OhAt0XjVFJ1QR9PQn3g4VtwyEVjMAcJw30awJw2o8uq"                                 \
	"ZQwPQaR2bZ6HDVUT1MShsa8ApWvaByBvllYVaAd48QBot5Npl6BmemAzf1AdPYV13FgWFFQ7P3mNpN" \
	"Wd"                                                                             \
	"60EZ+9gjf4i/AVdSXtFGw7ZPiyREodi6DjSK/"                                          \
	"Ilz0Mjd8UKbJfClvs2C5rZdwkvNgYlXDPS6XgmycglY"                                    \
	"062ZeMv5/6bxwIE3GeAxrTo4BrswGDpS1jwFprmcYBh9PJTvC5lfYMCtu5QeEGBRxQIDAQAB"

/* filler: so many letters more, in a text of its own, so that it must go by TCP. */
static const struct record {
	const char *name;
	int type;
	const char *text;
	int filler;
} zone[] = {
	{ "good.example", TXT, "v=spf1 a:mail.good.example -all", 600 },
	{ "key1._domainkey.good.example", CNAME, "key.service.example", 0 },
	{ "key.service.example", TXT, "v=DKIM1; k=rsa; p=" KEY_2048, 0 },
	{ "_dmarc.good.example", TXT, "v=DMARC1; p=reject", 0 },
	{ "good.example", MX, "mail.good.example", 0 },
	{ "bare.example", MX, "mail.bare.example", 0 },
};

/* ---- the server ---- */

struct message {
	uint8_t at[4096];
	size_t n;
};

static void
put16(struct message *m, unsigned v)
{
	m->at[m->n++] = (uint8_t)(v >> 8);
	m->at[m->n++] = (uint8_t)v;
}

static void
put_name(struct message *m, const char *name)
{
	while (*name != '\0') {
		size_t len = strcspn(name, ".");

		m->at[m->n++] = (uint8_t)len;
		memcpy(m->at + m->n, name, len);
		m->n += len;
		name += len + (name[len] == '.');
	}
	m->at[m->n++] = 0;
}

/* In strings of 255 at most. */
static void
put_text(struct message *m, const char *text)
{
	for (size_t left = strlen(text), len; left > 0; left -= len, text += len) {
		len = MIN(left, 255);
		m->at[m->n++] = (uint8_t)len;
		memcpy(m->at + m->n, text, len);
		m->n += len;
	}
}

static void
put_record(struct message *m, const struct record *r, bool filler)
{
	size_t start;
	char *more = g_strnfill((gsize)r->filler, 'x');

	put_name(m, r->name);
	put16(m, (unsigned)r->type);
	put16(m, 1);
	put16(m, 0);
	put16(m, 60);
	put16(m, 0);
	start = m->n;
	if (r->type == MX)
		put16(m, 10);
	if (r->type == TXT)
		put_text(m, filler ? more : r->text);
	else
		put_name(m, r->text);
	m->at[start - 2] = (uint8_t)((m->n - start) >> 8);
	m->at[start - 1] = (uint8_t)(m->n - start);
	g_free(more);
}

static int
put_all(struct message *m, const char *name, int type)
{
	int n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(zone); i++) {
		const struct record *r = &zone[i];

		if (strcmp(r->name, name) != 0 || (r->type != type && r->type != CNAME))
			continue;
		put_record(m, r, false);
		n++;
		if (r->type == CNAME)
			n += put_all(m, r->text, type);
		if (r->filler > 0) {
			put_record(m, r, true);
			n++;
		}
	}
	return n;
}

static bool
is_known(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(zone); i++)
		if (strcmp(zone[i].name, name) == 0)
			return true;
	return false;
}

/* q: header and one question. */
static void
answer(const struct message *q, struct message *m)
{
	char name[256] = "";
	size_t p = 12, n = 0;
	int type, count;

	while (q->at[p] != 0) {
		memcpy(name + n, q->at + p + 1, q->at[p]);
		n += q->at[p];
		name[n++] = '.';
		p += 1U + q->at[p];
	}
	name[n > 0 ? n - 1 : 0] = '\0';
	type = q->at[p + 1] << 8 | q->at[p + 2];
	p += 5;
	memcpy(m->at, q->at, p);
	m->n = p;
	m->at[2] = 0x81;
	m->at[3] = is_known(name) ? 0x80 : 0x83; /* NXDOMAIN */
	count = put_all(m, name, type);
	m->at[6] = 0;
	m->at[7] = (uint8_t)count;
	memset(m->at + 8, 0, 4);
}

static void
by_udp(int fd)
{
	struct message q, m;
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	ssize_t got = recvfrom(fd, q.at, sizeof(q.at), 0, (struct sockaddr *)&from, &len);

	if (got < 17)
		return;
	answer(&q, &m);
	if (m.n > UDP_MOST) {
		m.at[2] |= 0x02; /* cut off */
		m.at[7] = 0;
		m.n = UDP_MOST;
	}
	sendto(fd, m.at, m.n, 0, (struct sockaddr *)&from, len);
}

static void
by_tcp(int fd)
{
	struct message q, m, framed = { .n = 0 };
	int c = accept(fd, NULL, NULL);

	if (c < 0)
		return;
	if (recv(c, q.at, 2, MSG_WAITALL) == 2) {
		q.n = (size_t)q.at[0] << 8 | q.at[1];
		if (q.n <= sizeof(q.at) &&
		    recv(c, q.at, q.n, MSG_WAITALL) == (ssize_t)q.n) {
			answer(&q, &m);
			put16(&framed, (unsigned)m.n);
			memcpy(framed.at + 2, m.at, m.n);
			send(c, framed.at, m.n + 2, MSG_NOSIGNAL);
		}
	}
	close(c);
}

static char resolver[32];
static pid_t server;

static void
serve(int udp, int tcp)
{
	struct pollfd fds[] = { { udp, POLLIN, 0 }, { tcp, POLLIN, 0 } };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		poll(fds, 2, -1);
		if (fds[0].revents & POLLIN)
			by_udp(udp);
		if (fds[1].revents & POLLIN)
			by_tcp(tcp);
	}
}

static struct daemon *d;

static int
set_up(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
	    tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), port;

	(void)state;
	d = daemon_new(NULL);
	port = daemon_port();
	at.sin_port = htons((uint16_t)port);
	setsockopt(tcp, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
	if (bind(udp, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    bind(tcp, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(tcp, 8) != 0)
		return -1;
	g_snprintf(resolver, sizeof(resolver), "127.0.0.1:%d", port);
	server = fork();
	if (server == 0)
		serve(udp, tcp);
	close(udp);
	close(tcp);
	return server > 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	kill(server, SIGKILL);
	daemon_wait(server);
	daemon_free(d);
	return 0;
}

/* ---- what is said ---- */

#define ACCOUNT(name, domain, more)                                             \
	"  - { name: " name ", type: smtp, channels: [email], url: "            \
	"\"smtp://127.0.0.1:1\", location: cn, internal: true, tls: no, from: " \
	"news@" domain ", bounce: bounce@" domain more " }\n"

static void
has(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strstr(text, *words) == NULL)
			fail_msg("no \"%s\" in: %s", *words, text);
}

static void
accounts_domains(void **state)
{
	char *text;

	(void)state;
	daemon_config(d, ACCOUNT("post", "good.example", ", dkim_selector: key1"));
	assert_int_equal(daemon_tool(d, &text,
			     (const char *[]){ "check-dns", "--config", d->config,
				 "--resolver", resolver, NULL }),
	    0);
	has(text,
	    (const char *[]){ "good.example (post)", "v=spf1 a:mail.good.example -all",
		"a key of 2048 bits", "good.example: p=reject",
		"answers to good.example go to mail.good.example", NULL });
	g_free(text);
	daemon_config(d, ACCOUNT("post", "good.example", ", dkim_selector: key2")
			     ACCOUNT("other", "bare.example", ""));
	assert_int_equal(daemon_tool(d, &text,
			     (const char *[]){ "check-dns", "--config", d->config,
				 "--resolver", resolver, "--lang", "zh", NULL }),
	    1);
	has(text, (const char *[]){ "请添加 TXT key2._domainkey.good.example",
		      "bare.example (other)",
		      "请添加 TXT bare.example \"v=spf1 a:127.0.0.1 ~all\"",
		      "请添加 TXT _dmarc.bare.example", NULL });
	g_free(text);
}

static void
a_domain_by_itself(void **state)
{
	char *text;

	(void)state;
	assert_int_equal(daemon_tool(d, &text,
			     (const char *[]){ "check-dns", "good.example", "--selector",
				 "key1", "--resolver", resolver, "--json", NULL }),
	    0);
	has(text, (const char *[]){ "\"check\":\"dkim\",\"result\":\"ok\"", NULL });
	g_free(text);
	assert_int_equal(daemon_tool(d, &text,
			     (const char *[]){ "check-dns", "gone.example", "--resolver",
				 resolver, NULL }),
	    1);
	has(text, (const char *[]){ "add MX gone.example", NULL });
	g_free(text);
	assert_int_equal(daemon_tool(d, &text,
			     (const char *[]){ "check-dns", "good.example", "--resolver",
				 "nowhere", NULL }),
	    1);
	has(text, (const char *[]){ "is no DNS server", NULL });
	g_free(text);
	/* asked for by name, and nobody was: that is no good news */
	assert_int_equal(
	    daemon_tool(d, &text, (const char *[]){ "check-dns", "good.example", NULL }),
	    1);
	has(text, (const char *[]){ "good.example is kept for examples", NULL });
	g_free(text);
	assert_int_equal(
	    daemon_tool(d, &text, (const char *[]){ "check-dns", "two words", NULL }), 2);
	has(text, (const char *[]){ "not \"two words\"", NULL });
	g_free(text);
}

/* Without a daemon and with one; names of no real domain are asked for only where told whom. */
static void
the_doctor_looks_too(void **state)
{
	char *text;

	(void)state;
	daemon_config(d, ACCOUNT("other", "bare.example", ""));
	daemon_tool(d, &text,
	    (const char *[]){
		"doctor", "--config", d->config, "--resolver", resolver, NULL });
	has(text, (const char *[]){ "domains that mails go out as:",
		      "bare.example (other)", "-> add TXT _dmarc.bare.example", NULL });
	g_free(text);
	daemon_start(d, NULL);
	daemon_tool(d, &text,
	    (const char *[]){
		"doctor", "--socket", d->socket, "--resolver", resolver, NULL });
	has(text, (const char *[]){ "-> add TXT _dmarc.bare.example",
		      "bare.example: 0 mails today", NULL });
	g_free(text);
	/* What it saw the daemon has noted, and so with check-dns. */
	daemon_tool(
	    d, &text, (const char *[]){ "doctor", "--no-dns", "--socket", d->socket, NULL });
	has(text, (const char *[]){ "bare.example lacked SPF, DMARC when it was", NULL });
	g_free(text);
	daemon_tool(d, &text,
	    (const char *[]){ "check-dns", "--config", d->config, "--socket", d->socket,
		"--resolver", resolver, NULL });
	has(text, (const char *[]){ "The daemon has noted it", NULL });
	g_free(text);
	daemon_tool(d, &text, (const char *[]){ "doctor", "--socket", d->socket, NULL });
	assert_null(strstr(text, "_dmarc.bare.example"));
	g_free(text);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accounts_domains),
		cmocka_unit_test(a_domain_by_itself),
		cmocka_unit_test(the_doctor_looks_too),
	};

	(void)argc;
	daemon_find(argv[0]);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
