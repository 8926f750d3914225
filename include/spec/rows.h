/* rows.h - what became of a table's rows: imported, noted, set aside, refused, and the
 * report of it.
 *
 * A row refused has to be mended in the file; a row set aside looks like
 * somebody's test or a default (1900-01-01, 测试) and goes to the data-quality
 * list; a row noted is imported without the value that could not be used. The
 * report names row, column and reason; addresses in it are masked. */
#ifndef SPEC_ROWS_H
#define SPEC_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#define ROWS_SHOWN 20 /* faults a report lists of each kind */

enum row_verdict { ROW_GOOD, ROW_NOTED, ROW_ASIDE, ROW_REFUSED, ROW_VERDICTS };

struct row_fault {
	enum row_verdict verdict;
	int64_t row;      /* as a spreadsheet counts */
	int column;       /* from 1; 0: the row as a whole */
	char heading[64]; /* of that column */
	char reason[240]; /* one sentence without a full stop */
};

struct rows_report {
	int64_t count[ROW_VERDICTS];
	int64_t unreachable;         /* imported without any address */
	GArray *shown[ROW_VERDICTS]; /* struct row_fault, the first ROWS_SHOWN */
};

/* A fault of a kind that is worse than the one at hand replaces it. Returns true
 * when the row is lost (set aside or refused). */
bool rows_judge(struct row_fault *f, enum row_verdict verdict, int column,
    const char *heading, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

void rows_report_init(struct rows_report *r);
void rows_report_fini(struct rows_report *r);
void rows_report_add(struct rows_report *r, const struct row_fault *f);
/* "812 rows read (CSV, GB18030): 809 imported, ..." and the faults, a line each. */
void rows_report_text(const struct rows_report *r, const char *format, GString *out);

#endif
