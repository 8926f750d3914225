/* log.c - one write(2) a line, so that lines of several threads never mix. */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#define LINE_MAX_BYTES 4096

static const struct {
	const char *name;
	int priority; /* syslog's, for the journal's <N> prefix */
} levels[] = {
	[LOG_LEVEL_ERROR] = { "error", 3 },
	[LOG_LEVEL_WARN] = { "warn", 4 },
	[LOG_LEVEL_INFO] = { "info", 6 },
	[LOG_LEVEL_DEBUG] = { "debug", 7 },
};

static _Atomic int threshold = LOG_LEVEL_INFO;
static void (*sink_fn)(void *arg, enum log_level level, const char *line);
static void *sink_arg;

void
log_threshold(enum log_level level)
{
	threshold = (int)level;
}

void
log_sink(void (*sink)(void *arg, enum log_level level, const char *line), void *arg)
{
	sink_fn = sink;
	sink_arg = arg;
}

/* How the character at p is written: as it is, or escaped into esc (12 bytes). Sets
 * how many bytes it takes here and there. */
static const char *
escape(const char *p, char *esc, size_t *in, size_t *out)
{
	gunichar c = g_utf8_get_char_validated(p, -1);

	if (c == (gunichar)-1 || c == (gunichar)-2) {
		*in = 1;
		*out = (size_t)g_snprintf(esc, 12, "\\x%02x", (unsigned char)*p);
		return esc;
	}
	*in = (size_t)(g_utf8_next_char(p) - p);
	if (c == '\n' || c == '\r' || c == '\t')
		*out = (size_t)g_snprintf(esc, 12, "\\%c",
		    c == '\n'   ? 'n'
		    : c == '\r' ? 'r'
				: 't');
	else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		*out = (size_t)g_snprintf(esc, 12, "\\x%02x", c);
	else if (c == 0x2028 || c == 0x2029)
		*out = (size_t)g_snprintf(esc, 12, "\\u%04x", c);
	else {
		*out = *in;
		return p;
	}
	return esc;
}

/* Appends raw to line from `len` on, never over max; returns the new length. */
static size_t
append(char *line, size_t len, size_t max, const char *raw)
{
	size_t in, out;
	char esc[12];

	for (; *raw != '\0'; raw += in, len += out) {
		const char *s = escape(raw, esc, &in, &out);

		if (len + out > max)
			break;
		memcpy(line + len, s, out);
	}
	line[len] = '\0';
	return len;
}

void
log_line(enum log_level level, const char *event, const char *fmt, ...)
{
	char raw[LINE_MAX_BYTES], line[LINE_MAX_BYTES + 1];
	int saved = errno;
	size_t len = 0, start;
	va_list ap;

	if ((int)level > threshold)
		return;
	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	if (sink_fn == NULL && getenv("JOURNAL_STREAM") != NULL)
		len =
		    (size_t)snprintf(line, sizeof(line), "<%d>", levels[level].priority);
	start = len + strlen(levels[level].name) + 1;
	len +=
	    (size_t)snprintf(line + len, sizeof(line) - len, "%s ", levels[level].name);
	len = append(line, len, LINE_MAX_BYTES - 1, event);
	if (raw[0] != '\0') {
		len = append(line, len, LINE_MAX_BYTES - 1, " ");
		len = append(line, len, LINE_MAX_BYTES - 1, raw);
	}
	if (sink_fn != NULL) {
		sink_fn(sink_arg, level, line + start);
	} else {
		line[len++] = '\n';
		/* Nothing can be done about a log that cannot be written. */
		ssize_t done = write(STDERR_FILENO, line, len);
		(void)done;
	}
	errno = saved;
}
