/* sandbox_listen.c - HOST:PORT, as --listen and --smtp take it. */
#include "sandbox_listen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
parse_address(const char *text, struct sockaddr_storage *out)
{
	const char *colon = strrchr(text, ':');
	char host[64];
	if (colon == NULL || colon[1] == '\0' || strspn(colon + 1, "0123456789") > 5 ||
	    colon[1 + strspn(colon + 1, "0123456789")] != '\0')
		return -1;
	size_t len = (size_t)(colon - text);
	bool six = len >= 2 && text[0] == '[' && text[len - 1] == ']';
	if (len >= sizeof host)
		return -1;
	memcpy(host, text + (six ? 1 : 0), six ? len - 2 : len);
	host[six ? len - 2 : len] = '\0';
	int port = atoi(colon + 1);
	if (port > 65535)
		return -1;
	return six ? uv_ip6_addr(host, port, (struct sockaddr_in6 *)out)
		   : uv_ip4_addr(host, port, (struct sockaddr_in *)out);
}

static void
name_address(const uv_tcp_t *tcp, char *out, size_t n)
{
	struct sockaddr_storage at;
	int len = sizeof at;
	char host[64] = "";
	uv_tcp_getsockname(tcp, (struct sockaddr *)&at, &len);
	if (at.ss_family == AF_INET6) {
		struct sockaddr_in6 *in = (struct sockaddr_in6 *)&at;
		uv_ip6_name(in, host, sizeof host);
		snprintf(out, n, "[%s]:%d", host, ntohs(in->sin6_port));
	} else {
		struct sockaddr_in *in = (struct sockaddr_in *)&at;
		uv_ip4_name(in, host, sizeof host);
		snprintf(out, n, "%s:%d", host, ntohs(in->sin_port));
	}
}

int
sandbox_listen(uv_loop_t *loop, uv_tcp_t *tcp, const char *flag, const char *where,
    uv_connection_cb on_connect, char *address, size_t n, struct err *e)
{
	struct sockaddr_storage at = { 0 };
	uv_tcp_init(loop, tcp);
	if (parse_address(where, &at) != 0) {
		uv_close((uv_handle_t *)tcp, NULL);
		return err_set(e, ERR_USAGE,
		    "--%s %s: write HOST:PORT, as 127.0.0.1:8090", flag, where);
	}
	int rc = uv_tcp_bind(tcp, (struct sockaddr *)&at, 0);
	if (rc == 0)
		rc = uv_listen((uv_stream_t *)tcp, 1024, on_connect);
	if (rc != 0) {
		uv_close((uv_handle_t *)tcp, NULL);
		return err_set(e, rc == UV_EADDRINUSE ? ERR_BUSY : ERR_IO,
		    "listen on %s: %s", where, uv_strerror(rc));
	}
	name_address(tcp, address, n);
	return 0;
}
