/* import.c - `reachd import`: a file to the daemon, its progress and report back.
 *
 * Ctrl-C while the file is on its way imports nothing: the daemon begins only when
 * all of it has come. Later it only ends the watching. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "client.h"
#include "cmd/cmd.h"
#include "import_lists.h"
#include "import_map.h"
#include "input.h"
#include "words.h"

#define WIDTH 40

static const char help[] =
    "usage: reachd import WHAT FILE [OPTIONS] [--lang en|zh] [--config DIR | --socket PATH]\n"
    "       reachd import undo BATCH | batches | quality\n\n"
    "Imports a file: CSV in UTF-8 or GB18030, or xlsx. Importing it again does no harm:\n"
    "rows are known by their id. History starts no playbook.\n\n"
    "  WHAT   customers: id, name, phone, email, wecom, push, tier, consent, tags ...\n"
    "         optouts: customer, phone or email, and channel\n"
    "         vehicles, orders, appointments: with id, and customer, phone or vehicle\n"
    "         staff: id, name, store, role, wecom, phone, deputy, successor, away_from ...\n"
    "         sends: what another system sent in the last 32 days, so that caps are true\n"
    "         complaints, contacts: customer or phone, and what is known\n"
    "  FILE   - is standard input\n\n"
    "      --dry-run              says what would change, and changes nothing\n"
    "      --source NAME          whose file it is, as dms; its mapping is kept by it\n"
    "      --map FILE             lines of HEADING = FIELD; - leaves a column out\n"
    "      --save-map             keeps how the columns were taken, for this source\n"
    "      --yes                  though it looks like a file of another kind\n"
    "      --history              of appointments: they are told as no events\n"
    "      --consent-basis BASIS  of customers: none, service or marketing\n"
    "      --evidence TEXT        of marketing consent: form, date, who answers for it\n\n"
    "undo puts back what a batch changed, where nothing has changed it since, for 30 days;\n"
    "batches lists them, the newest 20 or --limit N|all; quality lists rows that were set\n"
    "aside. --json: what is said, as JSON.\n\n"
    "A file that cannot be used at all is refused whole (exit 1); a row that cannot is\n"
    "left out and listed.\n";

struct how {
	bool dry_run, save_map, history, sure;
	const char *source, *map_file, *basis, *evidence;
	char *map; /* JSON */
};

struct import {
	const char *file;
	int64_t size, sent; /* bytes; size -1: unknown */
	int64_t shown;      /* per cent, or MiB */
	bool tty, drawn, json;
	json_t *end; /* the last line of a streamed answer */
};

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int signum)
{
	(void)signum;
	interrupted = 1;
}

static void
draw(struct import *im, const char *what, int64_t per_cent)
{
	char bar[WIDTH + 1];
	int full = (int)(per_cent * WIDTH / 100);

	for (int i = 0; i < WIDTH; i++)
		bar[i] = i < full ? '#' : '.';
	bar[WIDTH] = '\0';
	fprintf(stderr, "\r%s [%s] %3d%%", what, bar, (int)per_cent);
	im->drawn = true;
}

static void
undraw(struct import *im)
{
	if (im->drawn)
		fprintf(stderr, "\r%*s\r", WIDTH + 24, "");
	im->drawn = false;
}

static bool
on_progress(void *arg, int64_t sent)
{
	struct import *im = arg;
	int64_t at = im->size > 0 ? sent * 100 / im->size : sent >> 20;

	im->sent = sent;
	if (interrupted)
		return true;
	if (at == im->shown || sent == 0)
		return false;
	if (im->tty && im->size > 0)
		draw(im, SAY("upload", "上传"), at);
	else if (im->size > (1 << 20) && at / 10 != im->shown / 10)
		fprintf(stderr, SAY("uploaded %d%%\n", "已上传 %d%%\n"), (int)at);
	im->shown = at;
	return false;
}

/* {"imported", "rows"} as it goes on, {"end", "status", "answer"} at last. */
static bool
on_line(void *arg, const char *line)
{
	struct import *im = arg;
	json_t *j = json_loads(line, 0, NULL);
	json_int_t done = json_integer_value(json_object_get(j, "imported"));
	json_int_t rows = json_integer_value(json_object_get(j, "rows"));
	bool taken = true;

	if (json_is_true(json_object_get(j, "end")))
		im->end = json_incref(j);
	else if (json_object_get(j, "imported") == NULL ||
		 json_object_get(j, "report") != NULL)
		taken = false;
	else if (im->tty && rows > 0)
		draw(im, SAY("import", "导入"), MIN(done * 100 / rows, 100));
	else if (rows > 0)
		fprintf(stderr, SAY("%lld of %lld rows\n", "已导入 %lld 行，共 %lld 行\n"),
		    (long long)done, (long long)rows);
	json_decref(j);
	return taken;
}

/* "plate nothing -> 沪A1" */
static char *
example(const char *line)
{
	GString *s = g_string_new(line);

	g_string_replace(s, " nothing -> ", " 无 → ", 0);
	g_string_replace(s, " -> nothing", " → 无", 0);
	g_string_replace(s, " -> ", " → ", 0);
	return g_string_free(s, FALSE);
}

/* Line by line, in the reader's language. */
static void
print_lines(const char *text, FILE *out)
{
	GStringChunk *keep = g_string_chunk_new(4096);
	char **lines = g_strsplit(text, "\n", -1);
	bool examples = false;

	for (int i = 0; lines[i] != NULL && (*lines[i] != '\0' || lines[i + 1] != NULL);
	     i++) {
		const char *said = words_line(lines[i], keep);
		bool changes = examples && words_chinese() && said == lines[i];
		char *own = changes ? example(lines[i]) : NULL;

		fprintf(out, "%s\n", own != NULL ? own : said);
		examples = (examples && *lines[i] == ' ') ||
			   strcmp(lines[i], "examples:") == 0;
		g_free(own);
	}
	g_strfreev(lines);
	g_string_chunk_free(keep);
}

/* The report as text when there is one, else what the answer holds, a line each. */
static void
print_report(const json_t *answer, FILE *out)
{
	static const char *const texts[] = { "error", "report", "text" };
	const char *key;
	json_t *v;

	if (json_is_string(answer)) {
		print_lines(json_string_value(answer), out);
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		const char *text = json_string_value(json_object_get(answer, texts[i]));

		if (text != NULL) {
			print_lines(text, out);
			return;
		}
	}
	json_object_foreach((json_t *)(uintptr_t)answer, key, v)
	{
		char *s = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);

		fprintf(out, "%s: %s\n", key, s);
		free(s);
	}
}

static int
judge(struct import *im, const struct client_answer *ans)
{
	json_t *plain = im->end == NULL ? json_loads(ans->body->str, 0, NULL) : NULL;
	const json_t *answer =
	    im->end != NULL ? json_object_get(im->end, "answer") : plain;
	int status = im->end != NULL
			 ? (int)json_integer_value(json_object_get(im->end, "status"))
			 : ans->status;
	int code = client_exit(status);

	/* a stream that broke off has no last line: what became of it is not known */
	if (im->end == NULL && ans->status == 200 && plain == NULL)
		code = 4;
	if (ans->status == 413)
		fprintf(stderr,
		    SAY("%s: it is too large: at most 64 MiB are taken; split it\n",
			"%s：文件太大：最多收 64 MiB，请拆成几个\n"),
		    im->file);
	else if (ans->status == 200 && answer == NULL)
		fputs(SAY("reachd import: the daemon stopped before the end; import the "
			  "file again\n",
			  "reachd import：守护进程中途停了，请重新导入这个文件\n"),
		    stderr);
	else if (answer != NULL) {
		if (code != 0)
			fprintf(stderr, "%s: ", im->file);
		if (code == 0 && im->json) {
			json_dumpf(answer, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
			putchar('\n');
		} else {
			print_report(answer, code == 0 ? stdout : stderr);
		}
	}
	else
		fprintf(stderr, "reachd import: %s\n", ans->body->str);
	json_decref(plain);
	json_decref(im->end);
	return code;
}

static void
stop_by_signal(const char *text)
{
	fprintf(stderr, "\n%s\n", text);
	signal(SIGINT, SIG_DFL);
	raise(SIGINT);
}

static void
add_query(GString *path, const char *key, const char *value)
{
	char *escaped = value == NULL ? NULL : g_uri_escape_string(value, NULL, FALSE);

	if (escaped != NULL)
		g_string_append_printf(
		    path, "%c%s=%s", strchr(path->str, '?') == NULL ? '?' : '&', key, escaped);
	g_free(escaped);
}

static char *
address_of(const char *what, const struct how *how)
{
	char *name = g_uri_escape_string(what, NULL, FALSE);
	GString *path = g_string_new("/v1/import/");

	g_string_append(path, name);
	g_free(name);
	add_query(path, "dry_run", how->dry_run ? "1" : NULL);
	add_query(path, "save_map", how->save_map ? "1" : NULL);
	add_query(path, "history", how->history ? "1" : NULL);
	add_query(path, "sure", how->sure ? "1" : NULL);
	add_query(path, "source", how->source);
	add_query(path, "map", how->map);
	add_query(path, "basis", how->basis);
	add_query(path, "evidence", how->evidence);
	return g_string_free(path, FALSE);
}

static int
import(const struct client *c, const char *what, int fd, const struct how *how,
    struct import *im)
{
	char *path = address_of(what, how);
	const char *headers[] = { "Content-Type: application/octet-stream", NULL };
	const struct client_ask ask = { .method = "POST",
		.path = path,
		.headers = headers,
		.fd = fd,
		.upload = true,
		.size = im->size,
		.progress = on_progress,
		.line = on_line,
		.arg = im };
	struct client_answer ans;
	struct err e = { 0 };
	int code, rc;

	signal(SIGINT, on_interrupt);
	rc = client_ask(c, &ask, &ans, &e);
	undraw(im);
	g_free(path);
	if (rc != 0)
		return options_fail("import", &e);
	if (ans.stopped) {
		bool whole = im->size >= 0 ? im->sent >= im->size : ans.uploaded;

		client_answer_fini(&ans);
		json_decref(im->end);
		stop_by_signal(
		    whole ? SAY("reachd import: the file has arrived; the daemon goes on "
				"importing it",
				"reachd import：文件已经送到，守护进程会继续导入")
			  : SAY("reachd import: stopped; nothing was imported",
				"reachd import：已停止，什么都没有导入"));
		return 1;
	}
	code = judge(im, &ans);
	client_answer_fini(&ans);
	return code;
}

int
cmd_import(int argc, char **argv)
{
	struct client c = { 0 };
	struct how how = { 0 };
	const char *limit = NULL, *lang = NULL;
	struct import im = { .size = -1, .tty = isatty(STDERR_FILENO) };
	const struct options_spec specs[] = { CLIENT_OPTIONS(c),
		{ "dry-run", 0, NULL, &how.dry_run }, { "save-map", 0, NULL, &how.save_map },
		{ "history", 0, NULL, &how.history }, { "yes", 0, NULL, &how.sure },
		{ "source", 0, &how.source, NULL }, { "map", 0, &how.map_file, NULL },
		{ "consent-basis", 0, &how.basis, NULL },
		{ "evidence", 0, &how.evidence, NULL }, { "limit", 0, &limit, NULL },
		{ "lang", 0, &lang, NULL }, { "json", 0, NULL, &im.json } };
	const struct options o = { help, specs, G_N_ELEMENTS(specs), 1, 2 };
	struct stat st;
	struct err e = { 0 };
	int words = options_read(argc, argv, &o), fd, code;

	if (words < 0)
		return -1 - words;
	if (words_language(argv[0], lang) != 0)
		return 2;
	code = import_list(&c, argv[1], words > 1 ? argv[2] : NULL, limit, im.json);
	if (code >= 0)
		return code;
	if (words < 2)
		return options_usage("import",
		    SAY("name what is in the file, and the file",
			"请写明文件里是什么，以及文件名"));
	if (how.map_file != NULL &&
	    (how.map = import_map_read(how.map_file, &e)) == NULL)
		return options_fail(argv[0], &e);
	fd = strcmp(argv[2], "-") == 0 ? STDIN_FILENO
				       : open(argv[2], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0 || S_ISDIR(st.st_mode)) {
		err_set(&e, fd < 0 && errno == ENOENT ? ERR_INPUT : ERR_IO,
		    SAY("%.300s cannot be read: %s", "%.300s 读不了：%s"), argv[2],
		    fd >= 0 ? SAY("it is a directory", "是文件夹")
			    : g_strerror(errno));
		if (fd > 0)
			close(fd);
		return options_fail(argv[0], &e);
	}
	im.file = fd == STDIN_FILENO ? SAY("standard input", "标准输入") : argv[2];
	if (S_ISREG(st.st_mode))
		im.size = st.st_size;
	code = import(&c, argv[1], fd, &how, &im);
	g_free(how.map);
	if (fd != STDIN_FILENO)
		close(fd);
	return code;
}
