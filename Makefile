# teamcache. `make` builds ./teamcache; `make help` lists the rest.
#
# VARIANT=release  the product: musl, static-pie, stripped (also copied to ./teamcache)
# VARIANT=asan     glibc with AddressSanitizer and UndefinedBehaviorSanitizer
# VARIANT=debug    glibc without sanitizers, for valgrind
# VARIANT=fuzz     as asan, by clang with libFuzzer's counters: for `make fuzz` alone
# BUILD=DIR        where everything that is made goes (build)
# V=1              print whole commands
# VENDOR_DIR=DIR   take the archives that vendor/pins names from DIR and download nothing
VARIANT ?= release
BUILD ?= build
PREFIX ?= /usr/local
DIST ?= $(BUILD)/dist

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
export VENDOR_DIR
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif

# $(call run,WORD) hides a command behind a short line that says what it makes.
run = $(if $(V),,@printf '  %-5s %s\n' $(1) $@ && )
OUT := $(BUILD)/$(VARIANT)
LIBC := $(if $(filter release,$(VARIANT)),musl,glibc)
VENDOR := $(BUILD)/vendor/$(LIBC)

CPPFLAGS := -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -D_FILE_OFFSET_BITS=64 -Ilib -isystem $(VENDOR)/include
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wundef -Wvla \
	-Wcast-qual -Wwrite-strings -Werror
CFLAGS := -std=c17 $(WARN) -fPIE -fstack-protector-strong -ffile-prefix-map=$(CURDIR)=.
LDLIBS := -L$(VENDOR)/lib -lcurl -lbearssl -lz -lexpat

ifeq ($(VARIANT),release)
# musl has no _FORTIFY_SOURCE of its own, and relro, now and noexecstack come with the specs.
CC := gcc -specs=$(VENDOR)/musl.specs
# C unwinds nothing: no tables for it. Packed relocations are a twentieth of the usual ones' size.
CFLAGS += -O2 -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables
LDFLAGS := -static-pie -Wl,--gc-sections -Wl,-z,pack-relative-relocs
else ifeq ($(VARIANT),asan)
CC := gcc
CFLAGS += -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LDFLAGS := -pie -fsanitize=address,undefined
else ifeq ($(VARIANT),debug)
CC := gcc
CFLAGS += -O1 -g -fno-omit-frame-pointer
LDFLAGS := -pie
else ifeq ($(VARIANT),fuzz)
CC := clang
CFLAGS += -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all
LDFLAGS := -pie -fsanitize=address,undefined,fuzzer
else
$(error VARIANT is 'release', 'asan', 'debug' or 'fuzz', not '$(VARIANT)')
endif

SRC := $(sort $(wildcard lib/*/*.c))
UNIT := $(sort $(wildcard tests/unit/test_*.c))
UNIT_COMMON := $(filter-out $(UNIT),$(sort $(wildcard tests/unit/*.c)))
LIB := $(OUT)/libteamcache.a
UNIT_PROGRAMS := $(UNIT:tests/unit/%.c=$(OUT)/unit/%)
# A target is linked with libFuzzer's main, or with ours that feeds it its corpus.
FUZZ_MAIN := tests/fuzz/corpus.c
FUZZ := $(filter-out $(FUZZ_MAIN),$(sort $(wildcard tests/fuzz/*.c)))
FUZZ_PROGRAMS := $(FUZZ:tests/fuzz/%.c=$(OUT)/fuzz/%)
CLOCK := $(if $(wildcard tests/cli/teamcache_clock.c),$(OUT)/teamcache-clock)
OBJ = $(patsubst %.c,$(OUT)/obj/%.o,$(1))
# What the suites need to know; tests/*/run.sh read these.
TEST_ENV = TEAMCACHE=$(abspath $(OUT)/teamcache) TEAMCACHE_CLOCK=$(abspath $(OUT)/teamcache-clock) TEAMCACHE_VARIANT=$(VARIANT) \
	TEAMCACHE_ANCHORS=$(abspath $(OUT)/teamcache-anchors) TEAMCACHE_KILL_AT=$(abspath $(OUT)/kill-at) \
	TEAMCACHE_STARVED=$(abspath $(OUT)/teamcache-starved)

all: $(if $(filter release,$(VARIANT)),teamcache,$(OUT)/teamcache) ## build ./teamcache (default)

teamcache: $(BUILD)/release/teamcache
	@cp $< $@.new
	$(call run,COPY)mv $@.new $@

# Objects wait for the vendored headers and are made again when a flag changes.
$(OUT)/obj/%.o: %.c Makefile $(VENDOR).stamp
	@mkdir -p $(@D)
	$(call run,CC)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(call OBJ,$(UNIT) $(UNIT_COMMON)): CPPFLAGS += -Itests/unit

# From nothing each time: ar keeps members whose source is gone.
$(LIB): $(call OBJ,$(SRC))
	@rm -f $@
	$(call run,AR)ar -rcsD $@ $^

LINK = $(call run,LINK)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(LDLIBS)

$(OUT)/teamcache: $(call OBJ,teamcache.c) $(LIB)
	$(LINK)
ifeq ($(VARIANT),release)
	$(call run,STRIP)strip --strip-all --remove-section=.comment $@
	@if readelf -lW $@ | grep -q INTERP || readelf -dW $@ | grep -q NEEDED; then \
		echo '$@ needs an interpreter or a library: the link went wrong' >&2; exit 1; fi
endif

$(OUT)/teamcache-clock: $(call OBJ,tests/cli/teamcache_clock.c) $(LIB)
	$(LINK)

$(OUT)/kill-at: $(call OBJ,tests/cli/kill_at.c) $(LIB)
	$(LINK)

STARVED := -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc
$(OUT)/teamcache-starved: LDFLAGS += $(STARVED)
$(OUT)/teamcache-starved: $(call OBJ,tests/cli/teamcache_starved.c) $(LIB)
	$(LINK)

$(OUT)/json-suite: $(call OBJ,tests/json/suite.c) $(LIB)
	$(LINK)

# For tests: one that believes a root of ours beside those that are built in. Chain and keys lie beside it.
CHAIN := tests/servers/lib/aws_like_chain.sh
$(OUT)/anchors/anchors.h: $(CHAIN) $(VENDOR).stamp
	$(call run,CERT)$(CHAIN) $(@D) $(VENDOR)/include/anchors.h

$(OUT)/anchors/trust.o: lib/net/trust.c Makefile $(OUT)/anchors/anchors.h
	$(call run,CC)$(CC) -isystem $(OUT)/anchors $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(OUT)/teamcache-anchors: $(call OBJ,teamcache.c) $(OUT)/anchors/trust.o $(LIB)
	$(LINK)

$(UNIT_PROGRAMS): $(OUT)/unit/%: $(OUT)/obj/tests/unit/%.o $(call OBJ,$(UNIT_COMMON)) $(LIB)
	@mkdir -p $(@D)
	$(LINK)

$(FUZZ_PROGRAMS): $(OUT)/fuzz/%: $(OUT)/obj/tests/fuzz/%.o $(if $(filter fuzz,$(VARIANT)),,$(call OBJ,$(FUZZ_MAIN))) $(LIB)
	@mkdir -p $(@D)
	$(LINK)

# The second condition: the stamp outlives a cache that was removed.
.PRECIOUS: $(BUILD)/vendor/%.stamp $(BUILD)/deps-%.stamp
$(BUILD)/vendor/%.stamp: vendor/pins vendor/fetch.sh vendor/build.sh vendor/musl.specs.in | $(BUILD)/deps-build.stamp
	@vendor/build.sh $* $(BUILD)/vendor/$*
	@touch $@
$(VENDOR).stamp: $(if $(wildcard $(VENDOR)/sources),,FORCE)

$(BUILD)/deps-%.stamp: vendor/packages vendor/deps.sh
	@mkdir -p $(@D)
	@vendor/deps.sh $*
	@touch $@

vendor: $(BUILD)/vendor/musl.stamp $(BUILD)/vendor/glibc.stamp ## build the libraries that the product and its tests need
vendor-curl: $(BUILD)/vendor/curl.stamp ## build the static curl that `make bench` compares with

deps: ## install the packages that building and testing need (or print how)
	vendor/deps.sh build demo test lint bench peers

# Make the targets one after the other, all of them even if one fails.
each = status=0; for target in $(1); do $(MAKE) --no-print-directory $(2) $$target || status=1; done; exit $$status

demo: all $(BUILD)/deps-demo.stamp ## show the main job against local servers
	@$(TEST_ENV) tests/demo/run.sh

test: ## run every suite against the local servers
	+@$(call each,check-unit check-fuzz check-json check-build check-cli)

check-unit: $(UNIT_PROGRAMS) ## run the unit tests
	@tests/tap.sh 'unit ($(VARIANT))' $(UNIT_PROGRAMS)

check-fuzz: $(FUZZ_PROGRAMS) ## feed each fuzz target its corpus
	@tests/tap.sh 'fuzz ($(VARIANT))' $(FUZZ_PROGRAMS)

check-json: $(OUT)/json-suite $(BUILD)/deps-json.stamp ## ask a public test suite what is JSON
	@JSON_SUITE=$(OUT)/json-suite tests/tap.sh json tests/json/run.sh

SECONDS ?= 60
TARGETS ?= $(FUZZ:tests/fuzz/%.c=%)
fuzz: $(BUILD)/deps-fuzz.stamp ## fuzz each target for SECONDS= (60) of processor time; TARGETS= names some of them
	+@$(MAKE) --no-print-directory VARIANT=fuzz fuzz-targets
	@tests/fuzz/run.sh $(BUILD)/fuzz/fuzz $(SECONDS) $(TARGETS)

fuzz-targets: $(FUZZ_PROGRAMS)

check-cli: all $(CLOCK) $(OUT)/teamcache-anchors $(OUT)/kill-at $(OUT)/teamcache-starved $(BUILD)/deps-test.stamp ## run the command-line tests
	@$(TEST_ENV) tests/cli/run.sh $(CLI)

check-build: teamcache $(BUILD)/deps-test.stamp ## check what kind of program ./teamcache is
	@tests/tap.sh build tests/build/product.sh tests/build/hit.sh tests/build/dist.sh

soak: export POINTS ?= 200
soak: all $(CLOCK) $(OUT)/kill-at $(OUT)/teamcache-starved $(BUILD)/deps-test.stamp ## prove the lease at length (ROUNDS=, PROCESSES=, POINTS=: a shorter run)
	@$(TEST_ENV) BATS_TEST_TIMEOUT=7200 tests/cli/run.sh --jobs 1 tests/soak/*.bats tests/cli/kill.both.bats tests/cli/within.moto.bats

check-browser: all $(CLOCK) $(BUILD)/deps-browser.stamp ## look at the pages of --format html in Chromium
	@$(TEST_ENV) tests/tap.sh browser tests/browser/run.sh

repro: ## build twice in two folders and compare the bytes
	@tests/tap.sh repro tests/build/reproducible.sh

asan: export ASAN_OPTIONS := detect_leaks=1:exitcode=86:strict_string_checks=1:detect_stack_use_after_return=1
asan: export UBSAN_OPTIONS := print_stacktrace=1:exitcode=86
# On one store: the other differs in its answers, not in our memory, and the run stays short. So does the matrix of denials.
# The sanitizers want no tracer.
asan: export CLI := --store moto $(filter-out tests/cli/doctor_matrix.both.bats tests/cli/memory.moto.bats,$(wildcard tests/cli/*.bats))
asan: export POINTS := 8
asan: ## run the unit tests, corpora and command-line tests under ASan and UBSan
	+@$(call each,check-unit check-fuzz check-cli,VARIANT=asan)

lint: all $(BUILD)/deps-lint.stamp ## check the style, the include rules and the generated files
	tests/lint/run.sh

static: $(VENDOR).stamp $(BUILD)/deps-static.stamp ## look at the code with clang, gcc -fanalyzer, clang-tidy and cppcheck
	@tests/lint/static.sh $(VENDOR)/include

bench: all $(OUT)/teamcache-anchors $(BUILD)/vendor/curl.stamp $(BUILD)/deps-bench.stamp ## measure against other tools (ROUNDS=200, BENCH="local tls": some parts)
	@vendor/deps.sh peers || echo 'bench: some tools that others would take are not here'
	@$(TEST_ENV) BENCH="$(BENCH)" BENCH_CURL=$(abspath $(BUILD)/vendor/curl/bin/curl) BENCH_MUSL=$(abspath $(VENDOR)/musl.specs) \
		tests/bench/run.sh $(ROUNDS)

completions: teamcache ## make the completion files again
	@mkdir -p completions
	./teamcache completion bash >completions/teamcache.bash
	./teamcache completion zsh >completions/_teamcache
	./teamcache completion fish >completions/teamcache.fish

install: teamcache ## install to $(DESTDIR)$(PREFIX)
	install -D -m 755 teamcache $(DESTDIR)$(PREFIX)/bin/teamcache
	install -D -m 644 completions/teamcache.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/teamcache
	install -D -m 644 completions/_teamcache $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_teamcache
	install -D -m 644 completions/teamcache.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/teamcache.fish
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	./teamcache help --man >$(DESTDIR)$(PREFIX)/share/man/man1/teamcache.1

dist: teamcache ## pack it, reproducibly, with SHA-256 and SBOM, in $(DIST)
	@MAKE='$(MAKE)' vendor/dist.sh $(DIST) $(BUILD)/vendor/musl/sources

clean: ## remove what was built here (the libraries stay in their cache)
	rm -rf $(BUILD) teamcache

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

FORCE:
.PHONY: all vendor vendor-curl deps demo test check-unit check-fuzz check-json fuzz fuzz-targets check-cli check-build repro soak asan lint static bench completions install dist clean help FORCE

-include $(patsubst %.o,%.d,$(call OBJ,teamcache.c $(SRC) $(UNIT) $(UNIT_COMMON) $(FUZZ) $(FUZZ_MAIN) tests/json/suite.c tests/cli/teamcache_clock.c tests/cli/teamcache_starved.c tests/cli/kill_at.c))
