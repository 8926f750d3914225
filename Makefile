# Everything the build does, in reading order.
#
#   make run     install what is missing, build, run the demo: daemon, gateway, people
#   make test    install what is missing, build, run all tests
#   make         build only         make bench   figures, as NDJSON (ONLY=large: 100,000 people)
#   make kills   kill -9 loops      make fuzz    fuzzers, FUZZ_SECONDS each
#   make oracle  the services' own SDKs judge what is sent and taken
#
# BUILD=dir CC=clang SANITIZE=address,undefined OPT=-O1 choose another build.

BUILD    ?= build
CC       ?= gcc
SANITIZE ?=

PACKAGES = build-essential pkg-config libcurl4-openssl-dev libuv1-dev libyaml-dev libglib2.0-dev \
           libjansson-dev libmicrohttpd-dev libsqlite3-dev libssl-dev libsystemd-dev libcsv-dev \
           libgmime-3.0-dev libpsl-dev libzip-dev libexpat1-dev libxlsxwriter-dev libcmocka-dev python3
LIBS     = libcurl libuv yaml-0.1 glib-2.0 jansson libmicrohttpd sqlite3 libcrypto libsystemd \
           libzip expat xlsxwriter gmime-3.0 libpsl

WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror
HARDEN   = -fstack-protector-strong -fPIE -D_FORTIFY_SOURCE=2
ifneq ($(SANITIZE),)
HARDEN   = -fPIE -fno-omit-frame-pointer -fsanitize=$(SANITIZE) -fno-sanitize-recover=all
LINKS    = -fsanitize=$(SANITIZE)
endif
OPT      ?= -O2 -g
CFLAGS  += -std=gnu17 -D_GNU_SOURCE $(OPT) $(WARN) $(HARDEN) -Iinclude -MMD -MP \
           $(shell pkg-config --cflags $(LIBS) 2>/dev/null)
LDFLAGS += -pie -Wl,-z,relro,-z,now $(LINKS)
LDLIBS   = $(shell pkg-config --libs $(LIBS) 2>/dev/null) -lcsv -lresolv -lm -lpthread

SRC      = $(filter-out src/main.c,$(wildcard src/*/*.c src/*/*/*.c))
OBJ      = $(SRC:%.c=$(BUILD)/%.o) $(BUILD)/schema.o
BIN      = $(BUILD)/reachd
UNIT     = $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*_test.c tests/sim/*_test.c))
E2E      = $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/e2e/*_test.c))

all: $(BIN)

# ---- what is missing, by name ----

deps:
	@sh tests/deps.sh $(PACKAGES)

# ---- the binary ----

$(BIN): $(BUILD)/src/main.o $(BUILD)/libreachd.a
	@echo "  LD $@"; $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libreachd.a: $(OBJ)
	@rm -f $@
	@ar rcs $@ $(OBJ)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CC) $(CFLAGS) -c -o $@ $<

# The SQL of the schema as a C string.
$(BUILD)/schema.c: $(wildcard src/store/schema/*.sql)
	@mkdir -p $(@D)
	@for f in $^; do printf 'extern const char schema_%s[];\nconst char schema_%s[] =\n' \
	    $$(basename $$f .sql) $$(basename $$f .sql); \
	    sed -e 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$$/\\n"/' $$f; echo ';'; done >$@

$(BUILD)/schema.o: $(BUILD)/schema.c
	@$(CC) $(CFLAGS) -Wno-overlength-strings -c -o $@ $<

# ---- tests ----

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/libreachd.a
	@echo "  LD $@"; $(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

check-build: $(BIN) $(UNIT) $(E2E) $(BUILD)/tests/bench/bench $(BUILD)/tests/oracle/drive $(BUILD)/tests/e2e/kills

test: deps
	@$(MAKE) --no-print-directory -j$$(nproc) check-build
	@BUILD=$(BUILD) sh tests/run.sh $(E2E) $(UNIT)

# Where threads meet: for ThreadSanitizer, which sees nothing in programs of one thread.
THREADS = $(E2E) $(patsubst tests/%.c,$(BUILD)/tests/%,$(shell grep -lE 'pthread_create|loop_new' tests/unit/*_test.c))
test-threads: deps
	@$(MAKE) --no-print-directory -j$$(nproc) $(BIN) $(THREADS) $(BUILD)/tests/e2e/kills
	@BUILD=$(BUILD) SCRIPTS='tests/e2e/*_test.sh' sh tests/run.sh $(THREADS)

# ---- the services' own SDKs as judges ----

oracle: deps
	@command -v npm >/dev/null || sh tests/deps.sh nodejs npm
	@$(MAKE) --no-print-directory $(BIN) $(BUILD)/tests/oracle/drive
	@BUILD=$(BUILD) sh tests/oracle/run.sh

# ---- the demo ----

CUSTOMERS ?=
DAYS      ?= 30
SPEED     ?= 21600
run: deps
	@$(MAKE) --no-print-directory -j$$(nproc) $(BIN)
	@BUILD=$(BUILD) CUSTOMERS="$(CUSTOMERS)" DAYS="$(DAYS)" SPEED="$(SPEED)" sh tests/demo.sh

# ---- the kill loop and the figures ----

# Programs of several files: the library once more, behind them all.
$(BUILD)/tests/e2e/kills $(BUILD)/tests/bench/bench: LDLIBS := $(BUILD)/libreachd.a $(LDLIBS)

KILLS ?= 300
$(BUILD)/tests/e2e/kills: $(BUILD)/tests/e2e/kills_feed.o $(BUILD)/tests/e2e/kills_judge.o
kills: deps
	@$(MAKE) --no-print-directory kills-all kills-each

# All at once through the sandbox's own gateway; each real service by its way of settling.
kills-all:
	@$(MAKE) --no-print-directory $(BIN) $(BUILD)/tests/e2e/kills
	@$(BUILD)/tests/e2e/kills $(BIN) tests/e2e/config-kills $(BUILD)/kills $(KILLS)
kills-each:
	@$(MAKE) --no-print-directory $(BIN) $(BUILD)/tests/e2e/killed_test
	@KILLS=$(KILLS) ONLY=$(ONLY) $(BUILD)/tests/e2e/killed_test

BENCH = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/bench/bench_*.c))
$(BUILD)/tests/bench/bench: $(BENCH)
bench: deps
	@$(MAKE) --no-print-directory $(BIN) $(BUILD)/tests/bench/bench
	@$(BUILD)/tests/bench/bench $(BIN) tests/bench/config $(BUILD)/bench $(ONLY)

# ---- fuzzing ----

FUZZ_SECONDS ?= 10
FUZZ     = $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_CC  = CC=clang SANITIZE=fuzzer-no-link,address,undefined OPT='-O1 -g -DLIBFUZZER'
ifneq ($(findstring fuzzer,$(SANITIZE)),)
$(BUILD)/tests/fuzz/%: LINKS += -fsanitize=fuzzer
endif
fuzz-build: $(FUZZ)
fuzz: deps
	@sh tests/deps.sh clang libclang-rt-14-dev
	@$(MAKE) --no-print-directory BUILD=$(BUILD)-fuzz $(FUZZ_CC) fuzz-build
	@FUZZ_SECONDS=$(FUZZ_SECONDS) sh tests/fuzz/run.sh $(FUZZ:$(BUILD)/%=$(BUILD)-fuzz/%)

clean:
	rm -rf $(BUILD)

help:
	@sed -n '2,10s/^# \{0,1\}//p' Makefile

.PHONY: all deps check-build test test-threads oracle run kills kills-all kills-each bench fuzz-build fuzz clean help
.SECONDARY:
-include $(OBJ:.o=.d) $(BUILD)/src/main.d $(UNIT:=.d) $(E2E:=.d)
