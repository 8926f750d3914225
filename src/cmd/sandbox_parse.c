/* sandbox_parse.c - request line, the few headers that matter, Content-Length. */
#include "sandbox_parse.h"

#include <stdlib.h>
#include <string.h>

#define HEAD_LIMIT 16384
#define BODY_LIMIT (1024 * 1024)

static int
request_line(char *line, struct sandbox_parse *out)
{
	char *path = strchr(line, ' ');
	char *version = path != NULL ? strchr(path + 1, ' ') : NULL;
	if (version == NULL)
		return 400;
	*path++ = '\0';
	*version++ = '\0';
	if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
		return 400;
	out->close = strcmp(version, "HTTP/1.0") == 0;
	out->method = line;
	out->path = path;
	out->query = "";
	char *mark = strchr(path, '?');
	if (mark != NULL) {
		*mark = '\0';
		out->query = mark + 1;
	}
	return path[0] == '/' ? 200 : 400;
}

static int
header(char *line, struct sandbox_parse *out)
{
	char *value = strchr(line, ':');
	if (value == NULL)
		return 400;
	*value++ = '\0';
	value = g_strstrip(value);
	if (out->n_fields < SANDBOX_FIELDS)
		out->fields[out->n_fields++] = (struct sandbox_field){ line, value };
	if (g_ascii_strcasecmp(line, "Content-Length") == 0) {
		size_t digits = strspn(value, "0123456789");
		if (digits == 0 || value[digits] != '\0')
			return 400;
		if (digits > 7 || strtoul(value, NULL, 10) > BODY_LIMIT)
			return 413;
		out->body_len = strtoul(value, NULL, 10);
	} else if (g_ascii_strcasecmp(line, "Transfer-Encoding") == 0) {
		return 411;
	} else if (g_ascii_strcasecmp(line, "Idempotency-Key") == 0) {
		out->key = value;
	} else if (g_ascii_strcasecmp(line, "X-Sent-At") == 0) {
		out->sent_at = value;
	} else if (g_ascii_strcasecmp(line, "Connection") == 0) {
		out->close = out->close || g_ascii_strcasecmp(value, "close") == 0;
	}
	return 200;
}

static int
head(char *text, struct sandbox_parse *out)
{
	*out = (struct sandbox_parse){ .key = "", .sent_at = "", .body = "" };
	int status = 200;
	for (char *line = text, *next; line != NULL && status == 200; line = next) {
		next = strstr(line, "\r\n");
		if (next != NULL) {
			*next = '\0';
			next += 2;
		}
		status = line == text ? request_line(line, out) : header(line, out);
	}
	return status;
}

/* How long the body will be, without touching the bytes: they may not be whole. */
static int
body_length(const char *at, size_t len, size_t *out)
{
	char *copy = g_strndup(at, len);
	struct sandbox_parse p;
	int status = strlen(copy) == len ? head(copy, &p) : 400;
	*out = status == 200 ? p.body_len : 0;
	g_free(copy);
	return status;
}

int
sandbox_parse_request(GByteArray *in, struct sandbox_parse *out, size_t *used)
{
	char *bytes = (char *)in->data;
	const char *blank = memmem(bytes, in->len, "\r\n\r\n", 4);
	if (blank == NULL)
		return in->len > HEAD_LIMIT ? 431 : 0;
	size_t head_len = (size_t)(blank - bytes), body_len;
	int status = body_length(bytes, head_len, &body_len);
	if (status != 200)
		return status;
	*used = head_len + 4 + body_len;
	if (in->len < *used)
		return 0;
	bytes[head_len] = '\0';
	status = head(bytes, out);
	out->body = bytes + head_len + 4;
	return status;
}
