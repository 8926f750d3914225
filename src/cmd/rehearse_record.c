#include "rehearse_record.h"

void
record_write(FILE *f, enum record_kind kind, ms_t at, const void *p, size_t len)
{
	const struct record head = { kind, at, len };

	fwrite(&head, sizeof(head), 1, f);
	fwrite(p, 1, len, f);
}

int
record_end(FILE *f)
{
	return fflush(f) != 0 || ferror(f) ? -1 : 0;
}

void
tape_open(struct tape *t, FILE *f)
{
	rewind(f);
	*t = (struct tape){ .file = f, .text = g_string_new("") };
	tape_next(t);
}

void
tape_next(struct tape *t)
{
	t->more = fread(&t->head, sizeof(t->head), 1, t->file) == 1;
	if (!t->more)
		return;
	g_string_set_size(t->text, t->head.len);
	t->more = fread(t->text->str, 1, t->head.len, t->file) == t->head.len;
}

void
tape_close(struct tape *t)
{
	g_string_free(t->text, TRUE);
}
