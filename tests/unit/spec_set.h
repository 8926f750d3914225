/* spec_set.h - a small sound set on disk, and what the check finds in it; for the tests
 * of what people write. */
#ifndef TESTS_SPEC_SET_H
#define TESTS_SPEC_SET_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "spec/catalog.h"

struct file {
	const char *path, *text;
};

#define REACHD                                                                  \
	"entity: { name: 示例汽车服务, tz: Asia/Shanghai }\n"             \
	"providers:\n"                                                          \
	"  - { name: demo, type: sandbox, channels: [sms, wecom, email], url: " \
	"\"http://127.0.0.1:8090\", internal: true }\n"
#define ZONE(tz)                                                                         \
	"entity: { name: x, tz: " tz " }\nproviders: [{ name: demo, type: sandbox, "     \
	"channels: [sms, wecom, email], url: \"http://127.0.0.1:8090\", internal: true " \
	"}]\n"
#define POLICY "tiers:\n  high: { cap: 12 }\n  low: { cap: 3 }\n"
#define HEAD "playbook: care\ncategory: marketing\nstatus: live\nstart: { on: visit }\n"
#define TEMPLATE "---\nchannel: sms\ncategory: marketing\n---\n"

static const struct file sound[] = {
	{ "config/reachd.yaml", REACHD },
	{ "config/policy.yaml", POLICY },
	{ "config/playbooks/care.yaml",
	    HEAD "steps:\n  - { id: one, at: day 1, send: care/one }\n"
		 "  - { id: two, at: day 2, send: [care/chat, care/mail] }\n" },
	{ "templates/sms/care/one.liquid",
	    TEMPLATE "{{ customer.name | default: \"您\" }}好。拒收请回复R\n" },
	{ "templates/wecom/care/chat.liquid",
	    "---\ncategory: marketing\n---\n您好 {% render 'sign' %}\n" },
	{ "templates/email/care/mail.liquid",
	    "---\ncategory: marketing\nsubject: 广告：您好\nlayout: "
	    "frame\n---\n<p>您好</p>\n" },
	{ "templates/partials/frame.liquid",
	    "<html>{{ content }}{% render 'sign' %}<a href=\"{{ message.unsubscribe }}\">"
	    "退订</a></html>\n" },
	{ "templates/partials/sign.liquid", "{{ entity.name }} 010-00000000\n" },
};

#define PLAYBOOK "config/playbooks/care.yaml"
#define CONFIG "config/reachd.yaml"
#define RULES "config/policy.yaml"
#define SMS "templates/sms/care/one.liquid"

/* ---- the set on disk ---- */

static char *
path_in(const char *dir, const char *path)
{
	return g_build_filename(dir, path, NULL);
}

static void
put(const char *dir, const char *path, const char *text, size_t len)
{
	char *file = path_in(dir, path), *parent = g_path_get_dirname(file);

	assert_int_equal(g_mkdir_with_parents(parent, 0700), 0);
	assert_true(g_file_set_contents(file, text, (gssize)len, NULL));
	g_free(parent);
	g_free(file);
}

static void
put_sound(const char *dir)
{
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(sound); i++)
		put(dir, sound[i].path, sound[i].text, strlen(sound[i].text));
}

static void
remove_all(const char *path)
{
	GDir *d = g_dir_open(path, 0, NULL);
	const char *name;

	while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
		char *child = path_in(path, name);

		remove_all(child);
		g_free(child);
	}
	if (d != NULL)
		g_dir_close(d);
	g_remove(path);
}

static void
account_check(const struct account *acc, struct report *r)
{
	(void)acc;
	(void)r;
}

static int
setup(void **state)
{
	static const char *const types[] = { "http", "sandbox", NULL };

	unsetenv("CREDENTIALS_DIRECTORY");
	catalog_set_accounts(
	    &(struct account_rules){ .types = types, .check = account_check });
	*state = g_dir_make_tmp("reachd-spec-XXXXXX", NULL);
	assert_non_null(*state);
	put_sound(*state);
	return 0;
}

static int
teardown(void **state)
{
	remove_all(*state);
	g_free(*state);
	return 0;
}

/* Everything found in one file; mistakes elsewhere come with their file's name. */
static inline char *
found(const struct report *r, const char *path)
{
	GString *out = g_string_new(NULL);
	guint i;

	for (i = 0; i < r->diags->len; i++) {
		const struct diag *d = r->diags->pdata[i];

		if (d->at.file == NULL || !g_str_has_suffix(d->at.file, path))
			g_string_append_printf(
			    out, "%s: ", d->at.file == NULL ? "" : d->at.file);
		g_string_append_printf(out, "%d:%d: %s: %s\n", d->at.line, d->at.col,
		    d->severity == SEV_ERROR ? "error" : "warning", d->text);
	}
	return g_string_free(out, FALSE);
}

static struct report *
check(const char *dir)
{
	struct report *r = report_new();
	const char *paths[] = { dir, NULL };

	catalog_check(paths, r);
	return r;
}

static inline void
assert_found(const char *dir, const char *path, const char *want, const char *name)
{
	struct report *r = check(dir);
	char *got = found(r, path);

	if (strcmp(got, want) != 0)
		fail_msg("%s: got\n%swant\n%s", name, got, want);
	g_free(got);
	report_free(r);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
