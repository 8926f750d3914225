#include "rehearse_files.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <jansson.h>

#define TURNS 3600 /* seconds of the rehearsed day that one file may take */

struct taking {
	bool answered, quiet;
	const char *file;
	struct err *err;
};

/* Without its last line: a rehearsal has no batches. */
static int
report_len(const char *report)
{
	const char *batch = strstr(report, "\nbatch ");

	return (int)(batch == NULL ? strlen(report) : (size_t)(batch - report));
}

static void
answered(void *arg, int status, const char *json)
{
	struct taking *k = arg;
	json_t *j = json_loads(json, 0, NULL);
	const char *report = json_string_value(json_object_get(j, "report"));
	const char *error = json_string_value(json_object_get(j, "error"));

	k->answered = true;
	if (status != 200)
		err_set(k->err, ERR_INPUT, "%s: %s", k->file,
		    error == NULL ? "refused" : error);
	else if (!k->quiet && json_integer_value(json_object_get(j, "refused")) > 0)
		fprintf(stderr, "%s: %.*s\n", k->file, report_len(report), report);
	json_decref(j);
}

/* The import removes its file when it has done: it is given a copy. */
static char *
copy_of(const char *path, struct err *e)
{
	char *text, *copy = NULL;
	gsize len;
	int fd;

	if (!g_file_get_contents(path, &text, &len, NULL)) {
		err_set(e, ERR_INPUT, "%.300s cannot be read", path);
		return NULL;
	}
	fd = g_file_open_tmp("reachd-rehearse-XXXXXX", &copy, NULL);
	if (fd < 0 || write(fd, text, len) != (ssize_t)len) {
		err_set(e, ERR_IO, "no temporary file can be written");
		g_free(copy);
		copy = NULL;
	}
	if (fd >= 0)
		close(fd);
	g_free(text);
	return copy;
}

static int
take(struct town *t, const char *what, const char *file, ms_t now, bool quiet,
    struct err *e)
{
	struct taking k = { .quiet = quiet, .file = file, .err = e };
	char *copy;

	if (file == NULL)
		return 0;
	if ((copy = copy_of(file, e)) == NULL)
		return -1;
	engine_import(town_engine(t), what, copy, NULL, NULL, answered, &k);
	for (int i = 1; !k.answered && e->kind == ERR_NONE && i < TURNS; i++)
		if (town_run(t, now + i * MS_SECOND, e) != 0)
			break;
	if (!k.answered && e->kind == ERR_NONE)
		err_set(e, ERR_INTERNAL, "%s is not taken in", file);
	unlink(copy);
	g_free(copy);
	return e->kind == ERR_NONE ? 0 : -1;
}

int
rehearse_files_take(
    const struct rehearse_files *f, struct town *t, ms_t now, bool quiet, struct err *e)
{
	const struct {
		const char *what, *file;
	} all[] = { { "staff", f->staff }, { "vehicles", f->vehicles },
		{ "orders", f->orders }, { "appointments", f->appointments },
		{ "sends", f->sends } };

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		/* The daemon is ready as soon as the world has turned a little. */
		if (all[i].file != NULL && town_engine(t) == NULL &&
		    town_run(t, now, e) != 0)
			return -1;
		if (take(t, all[i].what, all[i].file, now, quiet, e) != 0)
			return -1;
	}
	return 0;
}
