//go:build linux

package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// storeMetrics makes metrics of the store's Stats, at each request anew, as soon as there is a store.
type storeMetrics struct{ begins *beginning }

var (
	storedDesc  = describe("messages_stored_total", "Messages that were written to the state.")
	lostDesc    = describe("messages_lost_total", "Messages that are not kept, because the disk has not taken them in time.")
	waitingDesc = describe("store_waiting_bytes", "Bytes of messages and changes that wait for the disk.")
	failingDesc = describe("store_failing", "1 while the disk of the state refuses what is written, or takes very long, else 0.")
	sizeDesc    = describe("store_bytes", "Bytes of the database of the state and its write-ahead log on the disk.")
	commitDesc  = describe("store_commit_seconds", "What transactions of the state took, from their begin to when they were on the disk.")
	lookDesc    = describe("look_seconds", "What it took to answer HISTORY, SEARCH and EXPORT, from when each had its turn.")
)

// Describe implements prometheus.Collector.
func (m storeMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{storedDesc, lostDesc, waitingDesc, failingDesc, sizeDesc, commitDesc, lookDesc} {
		to <- desc
	}
}

// Collect implements prometheus.Collector.
func (m storeMetrics) Collect(to chan<- prometheus.Metric) {
	kept := m.begins.store.Load()
	if kept == nil {
		return
	}
	s := kept.Counts() // without the sizes, which ask a file system that may hang
	failing := 0.0
	if s.Failing {
		failing = 1
	} else {
		to <- gauge(sizeDesc, float64(kept.Stats().Bytes))
	}
	to <- counter(storedDesc, uint64(s.Stored))
	to <- counter(lostDesc, uint64(s.Lost))
	to <- gauge(waitingDesc, float64(s.Waiting))
	to <- gauge(failingDesc, failing)
	to <- summary(commitDesc, s.Commits, s.Busy)
	to <- summary(lookDesc, s.Looks, s.Looking)
}

// summary is how many things there were, and what all of them took.
func summary(desc *prometheus.Desc, n int64, took time.Duration) prometheus.Metric {
	return prometheus.MustNewConstSummary(desc, uint64(n), took.Seconds(), nil)
}
