/* bench.h - figures of the daemon: what an item costs in CPU, beside a reference of the
 * same run. Times are microseconds unless they say otherwise. */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <glib.h>

#include "base/clock.h"

struct bench {
	const char *reachd, *config; /* the binary; the benchmark's own configuration */
	char *dir, *state, *socket, *ledger, *db, *run_config;
	int sandbox_port, public_port;
	pid_t sandbox;
	bool dialects; /* the sandbox speaks those of the configuration's accounts */
};

/* ---- the line ---- */

/* cpu and wall are of all n together. reference_cpu: of one of the reference. */
void bench_line(const char *name, int64_t n, int64_t cpu, int64_t wall,
    const char *reference, double reference_cpu);
void bench_die(const char *what) __attribute__((noreturn));

int64_t bench_now(void);
int64_t bench_cpu(void);         /* of this thread */
int64_t bench_cpu_of(pid_t pid); /* of all its threads that live */

/* ---- processes (bench_run.c) ---- */

/* A fresh directory; the configuration with free ports in it. */
void bench_open(struct bench *b, const char *dir);
void bench_sandbox(struct bench *b);
void bench_sandbox_stop(struct bench *b);
struct bench_life {
	pid_t pid;
	int64_t cpu, since; /* when it was ready */
};
/* Starts the daemon with its wall at `wall`, 2026-03-10 HH:MM in China; returns when it
 * is ready. */
void bench_start(struct bench *b, const char *wall, struct bench_life *life);
void bench_stop(struct bench_life *life);
/* Waits until the query, one number, answers `wanted`. */
void bench_await(struct bench *b, const char *sql, int64_t wanted);
/* Starts a program, its output to a file of the directory. */
pid_t bench_spawn(struct bench *b, const char *const *argv, const char *output);
/* Runs a program to its end; its output to a file of the directory. Returns its CPU. */
int64_t bench_tool(struct bench *b, const char *const *argv, const char *output);

/* ---- HTTP (bench_http.c) ---- */

/* n requests over keep-alive connections, one at a time on each; make() writes the
 * whole of request i. Ends the program on any answer but 200. */
void bench_load(int port, int connections, int64_t n,
    void (*make)(void *arg, int64_t i, GString *out), void *arg);
/* The same number of POSTs by libcurl's multi interface alone, as a line; CPU of one. */
double bench_curl_floor(int port, int connections, int64_t n, size_t body);

/* A short text with a date by the C library alone: the reference of what only computes.
 */
double bench_printf(void);

/* ---- the benches ---- */

void
bench_messages(struct bench *b); /* plan, message, message_batch, receipt, receipts_100 */
void bench_import(struct bench *b);
void bench_rehearse(struct bench *b);
void bench_large(struct bench *b);   /* rehearse_large: asked for by its name only */
void bench_profile(struct bench *b); /* event, sweep_all, sweep_day */
void bench_report(struct bench *b); /* reports of a million touches */
void bench_micro(struct bench *b); /* render, quiet, gate */
void bench_providers(struct bench *b); /* bench_provider(), then bench_service.c */
void bench_provider(void);

#endif
