/* cmd.h - the verbs of `reachd VERB`: each takes its own arguments and returns the exit
 * code.
 *
 * argv[0] is the verb. Exit codes: 0 done, 1 refused input or a check that failed,
 * 2 usage, 3 busy or locked, 4 I/O or not running, 5 internal. A verb prints its own
 * errors on stderr and answers --help itself; that stdout could be written is
 * checked once, by main(). */
#ifndef CMD_CMD_H
#define CMD_CMD_H

struct cmd_verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *args;    /* for the usage line */
	const char *summary; /* one line */
};
extern const struct cmd_verb cmd_verbs[]; /* src/main.c; ends with a NULL name */

int cmd_audit(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_contacts(int argc, char **argv);
int cmd_correct(int argc, char **argv);
int cmd_event(int argc, char **argv);
int cmd_forecast(int argc, char **argv);
int cmd_go(int argc, char **argv);
int cmd_help(int argc, char **argv);
int cmd_customer(int argc, char **argv);
int cmd_erase(int argc, char **argv);
int cmd_hold(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_offer(int argc, char **argv);
int cmd_people(int argc, char **argv);
int cmd_recall(int argc, char **argv);
int cmd_rehearse(int argc, char **argv);
int cmd_segment(int argc, char **argv);
int cmd_migrate(int argc, char **argv);
int cmd_provider(int argc, char **argv);
int cmd_publish(int argc, char **argv);
int cmd_reload(int argc, char **argv);
int cmd_render(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_sandbox(int argc, char **argv);
int cmd_segments(int argc, char **argv);
int cmd_settle(int argc, char **argv);
int cmd_sim(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_test(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_check_dns(int argc, char **argv);
int cmd_template(int argc, char **argv);
int cmd_staff(int argc, char **argv);
int cmd_task(int argc, char **argv);
int cmd_testsend(int argc, char **argv);
int cmd_token(int argc, char **argv);
int cmd_undo(int argc, char **argv);
int cmd_when(int argc, char **argv);
int cmd_why(int argc, char **argv);

#endif
