# make            builds bin/looproom
# make run        starts it; make run ARGS='--listen line://:8000 --files received'
# make cluster    starts three nodes that are one chat, until Ctrl-C: lines at 7777, 7778 and 7779, pages at 8080 to 8082, IRC at 6667 to 6669; bin/cluster has their state
# make test       all tests, under -race where a C compiler is there
# make check      form, vet, staticcheck, go.mod and what it names, import arrows, and each fuzz target for a moment
# make staticcheck that part of it alone; the first time it needs the network
# make vuln       what is known of holes in what we use; needs the network
# make bench      compares looproom with every rival, in under five minutes; leaves bin/bench/report.html
# make profile    CPU and heap profiles of a fan-out, in bin/profile
# make torture    the fault tests in large, without the race detector: in a minute, or in full with TORTURE=full
# make soak       mixed load on a server under -race for SOAK=30m; fails unless its heap stays flat; leaves a plot in SOAK_DIR
# make memory     writes MEMORY=10000000 messages into a store, or takes one that it has made before, and times searches and pages of history; MEMORY_DIR has it, 2 GB
# make dist       archives of static programs for Linux, and of loopchat for macOS and Windows, with SHA256SUMS, in dist/
# make deb        Debian packages of them; needs make dist, and the first time the network
# make distcheck  looks into both: links, licences, lintian, install, upgrade and purge in a scratch root, and the same bytes once more
# make microbench the benchmarks of the hot paths

GO       ?= go
ARGS     ?=
FUZZTIME ?= 5s
BENCH    ?= .
# What else make bench is to do: BENCHARGS='-s all' adds the servers of others that are installed.
BENCHARGS ?=
TORTURE  ?= short
SOAK     ?= 2m
SOAK_DIR ?= $(CURDIR)/bin/soak
MEMORY   ?= 10000000
MEMORY_DIR ?= $(CURDIR)/bin/memory

# Tools are fetched in these versions, and built in bin/tools.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
NFPM        := github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.43.4
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
fetch       = GOBIN=$(CURDIR)/bin/tools $(GO) install $(1) || \
	{ echo "make $@: $(1) can't be fetched or built. It needs a Go module proxy (GOPROXY) that has it, or what an earlier fetch has left. Nothing was done." >&2; exit 1; }

# What --version and the reports say.
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null)
COMMIT  := $(shell git rev-parse HEAD 2>/dev/null)

# The race detector is linked with C.
race := $(if $(shell command -v $$($(GO) env CC)),-race)

.PHONY: build run cluster test check format vet staticcheck modules arrows fuzz vuln bench profile torture soak memory microbench dist deb distcheck clean

build:
	$(GO) build -ldflags "-X main.version=$(VERSION) -X main.commit=$(COMMIT)" -o bin/ ./cmd/...

run: build
	./bin/looproom $(ARGS)

# Three at once, as one alone waits for a second.
cluster: build
	@trap 'kill $$nodes 2>/dev/null; wait; exit 0' INT TERM; \
	for n in 1 2 3; do \
		./bin/looproom --cluster demo --node n$$n --cluster-listen 127.0.0.1:622$$n --cluster-join 127.0.0.1:6221,127.0.0.1:6222,127.0.0.1:6223 --state bin/cluster/n$$n \
			--listen line://:$$((7776 + n)) --listen http://:$$((8079 + n)) --listen irc://:$$((6666 + n)) --public-url http://localhost:$$((8079 + n)) --admin 127.0.0.1:$$((7790 + n)) --log-level warn $(ARGS) & \
		nodes="$$nodes $$!"; \
	done; \
	wait

test:
	$(GO) test $(race) -timeout 45m ./...

check: format vet staticcheck modules arrows fuzz

format:
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "gofmt would change:" $$unformatted; exit 1; }

vet:
	$(GO) vet ./...
	GOOS=darwin $(GO) vet ./codec/... ./cmd/...
	GOOS=windows $(GO) vet ./cmd/loopchat/...

# The second run sees the files of the tests that are too long, or too cruel, for every day.
staticcheck:
	@$(call fetch,$(STATICCHECK))
	./bin/tools/staticcheck ./...
	./bin/tools/staticcheck -tags torture,soak,memory,plant,dist ./...

modules:
	$(GO) mod tidy -diff
	$(GO) mod verify

arrows:
	$(GO) test ./cmd

# Go runs one fuzz target of one package at a time. One that is at work in the moment in which its time is over can fail with "context deadline
# exceeded": that says nothing of the target, unless a failing input was written.
fuzz:
	@set -e; log=$$(mktemp); trap 'rm -f "$$log"' EXIT; for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "fuzz $$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x $$package >$$log 2>&1 || \
				{ grep -q 'context deadline exceeded' $$log && ! grep -q 'Failing input' $$log; } || { cat $$log; exit 1; }; \
			tail -n 1 $$log; \
		done; \
	done

bench: build
	@mkdir -p bin/bench
	./bin/loopbench compare --json bin/bench/report.json --csv bin/bench/report.csv --html bin/bench/report.html --svg bin/bench $(BENCHARGS)

# The profiles are taken under load: the server is told to end in the middle of a fan-out.
profile: build
	@mkdir -p bin/profile
	@./bin/looproom --listen line://127.0.0.1:7799 --lines-per-second 0 --max-per-address 0 --connect-rate 0 --profile bin/profile --log-level error --drain 1s >/dev/null & server=$$!; sleep 1; \
	./bin/loopbench run fanout:window=1024,duration=20s --target tcp://127.0.0.1:7799 >/dev/null 2>&1 & bench=$$!; sleep 6; \
	kill $$server; wait $$server; kill $$bench; wait $$bench; \
	$(GO) tool pprof -top -nodecount 25 bin/looproom bin/profile/cpu.pprof

torture:
	TORTURE=$(TORTURE) $(GO) test -tags torture -run '^TestTorture' -count=1 -v -timeout 45m ./cmd/looproom

soak:
	SOAK=$(SOAK) SOAK_DIR=$(SOAK_DIR) $(GO) test $(race) -tags soak -run '^TestSoak$$' -count=1 -v -timeout 0 ./cmd/looproom

memory:
	@mkdir -p $(MEMORY_DIR)
	MEMORY=$(MEMORY) MEMORY_DIR=$(MEMORY_DIR) $(GO) test -tags memory -run '^TestMemory$$' -count=1 -v -timeout 0 ./loop/store

microbench:
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem ./...

dist:
	GO=$(GO) VERSION=$(VERSION) COMMIT=$(COMMIT) OUT=dist ./cmd/looproom/dist/dist.sh

deb:
	@$(call fetch,$(NFPM))
	@test -d dist/parts || { echo "make deb: make dist comes first" >&2; exit 1; }
	NFPM=$(CURDIR)/bin/tools/nfpm VERSION=$(VERSION) COMMIT=$(COMMIT) OUT=dist ./cmd/looproom/dist/dist.sh deb

distcheck:
	$(GO) test -tags dist -count=1 -timeout 20m ./cmd/looproom/dist

clean:
	rm -rf bin dist
