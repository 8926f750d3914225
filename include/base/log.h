/* log.h - one line, one fact: `event key=value ...`, never an address or a message text.
 *
 *	log_info("sent", "msg=%s channel=%s", id, channel);
 *
 * Lines go to stderr (systemd's journal reads the <N> prefix when it is there)
 * or to the sink a test or the simulator sets. Control characters are escaped,
 * lines are cut at 4 KiB. Any thread. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

void log_line(enum log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...) log_line(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

/* Lines above this level are dropped. Default INFO. */
void log_threshold(enum log_level level);
/* sink NULL: stderr. Set before threads start. */
void log_sink(void (*sink)(void *arg, enum log_level level, const char *line), void *arg);

#endif
