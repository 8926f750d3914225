/* main.c - names of verbs to functions, nothing else. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/report.h"
#include "cmd/cmd.h"

const struct cmd_verb cmd_verbs[] = {
	{ "run", cmd_run, "--config DIR [--state DIR]",
	    "the daemon: plans, sends, receives" },
	{ "check", cmd_check, "PATH... [--json] [--people]",
	    "every mistake in configuration and templates" },
	{ "rehearse", cmd_rehearse,
	    "--config DIR|--diff OLD NEW --customers FILE --from DATE [--days N]",
	    "what would happen, day by day, without sending" },
	{ "test", cmd_test, "DIR|FILE... [--config DIR] [--show] [-j N]",
	    "scenarios: what happens, and what must come of it" },
	{ "render", cmd_render,
	    "-t FILE -d DATA.json [--lenient] [--partials DIR] [--json]",
	    "the text a customer would read" },
	{ "segments", cmd_segments, "[--plan PLAN] [--signature S] [--json]",
	    "how many SMS parts the text on standard input costs" },
	{ "when", cmd_when, "--policy FILE --tz ZONE --at TIME [--channel C] [--json]",
	    "may a message go at this instant, and if not, when" },
	{ "import", cmd_import, "WHAT FILE", "customers, vehicles, orders and more from CSV or xlsx" },
	{ "customer", cmd_customer, "show A | set A … | merge A B | unmerge B | answered A",
	    "two rows that are one person, made one" },
	{ "erase", cmd_erase, "CUSTOMER [--yes]", "forgets a customer, for good" },
	{ "event", cmd_event, "FILE",
	    "events from a file of JSON, or - for standard input" },
	{ "why", cmd_why, "CUSTOMER [--json]",
	    "every touch of one customer, with its reason" },
	{ "settle", cmd_settle, "[MESSAGE sent|lost] [--json]",
	    "messages whose fate is unknown: a person decides" },
	{ "task", cmd_task, "list|show|done|withdraw [ID] [--outcome O]",
	    "what people are asked to do, and what came of it" },
	{ "doctor", cmd_doctor, "[--json]",
	    "what works here and what does not: accounts, addresses, credentials" },
	{ "check-dns", cmd_check_dns, "[DOMAIN] [--selector S] [--resolver ADDR] [--json]",
	    "SPF, DKIM, DMARC and MX of the domains mails go out as; which record to add" },
	{ "provider", cmd_provider, "probe [ACCOUNT...] [--json] | go ACCOUNT",
	    "tries accounts out, without sending: address, key, clock, webhook" },
	{ "template", cmd_template, "import FILE --account A | list",
	    "texts as the gateways have them registered" },
	{ "staff", cmd_staff, "leave NAME --from DATE --to DATE [--deputy NAME]",
	    "who is away, and all that moves to whom" },
	{ "contacts", cmd_contacts, "[--after ID] [--json] | match ID CUSTOMER | unmatch ID",
	    "contacts in WeCom: how many are matched to customers, and who the others are" },
	{ "status", cmd_status, "[--json]",
	    "providers, freezes, and the balance of each playbook" },
	{ "segment", cmd_segment, "list|NAME [--json]",
	    "how many customers a named segment holds" },
	{ "migrate", cmd_migrate, "PLAYBOOK [--map OLD=NEW] [--dry-run]",
	    "moves runs of older versions to the newest" },
	{ "report", cmd_report,
	    "[NAME] [--by DIM,...] [--from DATE] [--to DATE] [--json | --csv | --xlsx FILE]",
	    "what came of it: funnel, dashboard, value, against control" },
	{ "offer", cmd_offer, "list|approve|refuse|redeem|ask ...",
	    "benefits: what was granted, what waits for a yes" },
	{ "publish", cmd_publish, "list|show|submit|approve|refuse [HASH]",
	    "changed files that wait for somebody's yes, and the yes" },
	{ "token", cmd_token, "list|new NAME|revoke ID", "keys to the API" },
	{ "audit", cmd_audit, "[--json]", "who decided what, and when" },
	{ "reload", cmd_reload, "[--confirm N]", "read configuration and templates again" },
	{ "testsend", cmd_testsend, "TEMPLATE|PLAYBOOK --to STAFF|ADDRESS [--as CUSTOMER]",
	    "a text to one's own people, through the real gateway" },
	{ "forecast", cmd_forecast, "PLAYBOOK [--json]", "when its messages will all be out" },
	{ "hold", cmd_hold, "PLAYBOOK", "nothing more of a playbook goes, and nobody enters" },
	{ "go", cmd_go, "PLAYBOOK", "starts what counts down, lets go on what is held" },
	{ "recall", cmd_recall, "PLAYBOOK --by NAME --reason TEXT [--step ID] [--csv FILE]",
	    "after a mistake: who got it, and nothing more of it" },
	{ "correct", cmd_correct, "PLAYBOOK --template T --by NAME --reason TEXT | list",
	    "one correction to those who got what was wrong" },
	{ "undo", cmd_undo,
	    "event ID|tag CUSTOMER NAME|stage CUSTOMER|optout CUSTOMER|optouts|block CUSTOMER",
	    "takes back what was told or marked by mistake" },
	{ "people", cmd_people, "--seed S --count N",
	    "plausible customers as CSV, for trying out" },
	{ "sandbox", cmd_sandbox, "--listen ADDR --ledger FILE",
	    "stands in for every provider, and plays the customers" },
	{ "sim", cmd_sim, "--seed N [--customers N] [--days N] [--faults on|off]",
	    "a town out of a seed: faults, deaths, and the promises judged" },
	{ "help", cmd_help, "[TOPIC]",
	    "a verb, or reasons, outcomes, filters, providers, states, channels" },
	{ NULL, NULL, NULL, NULL },
};

static int
unknown(const char *name)
{
	const char *names[sizeof(cmd_verbs) / sizeof(cmd_verbs[0])], *nearest;
	int i;

	for (i = 0; cmd_verbs[i].name != NULL; i++)
		names[i] = cmd_verbs[i].name;
	names[i] = NULL;
	nearest = report_nearest(name, names);
	fprintf(stderr, "reachd: there is no verb \"%.40s\"", name);
	if (nearest != NULL)
		fprintf(stderr, "; did you mean \"%s\"?", nearest);
	fprintf(stderr, "\n`reachd help` lists the verbs\n");
	return 2;
}

static int
dispatch(int argc, char **argv)
{
	char help[] = "help", *ask[] = { help, NULL };

	if (argc < 2) {
		fprintf(stderr, "reachd: say what to do, as in `reachd status`; "
				"`reachd help` lists the verbs\n");
		return 2;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return cmd_help(1, ask);
	for (const struct cmd_verb *v = cmd_verbs; v->name != NULL; v++)
		if (strcmp(v->name, argv[1]) == 0)
			return v->run(argc - 1, argv + 1);
	return unknown(argv[1]);
}

/* Output that could not be written was not given, whatever else went well. */
int
main(int argc, char **argv)
{
	int code;

	signal(SIGPIPE, SIG_IGN);
	code = dispatch(argc, argv);
	errno = 0;
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "reachd: the output could not be written%s%s\n",
		    errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
		return 4;
	}
	return code;
}
