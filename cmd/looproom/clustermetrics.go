//go:build linux

package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"looproom/loop/meter"
)

// clusterMetrics makes metrics of how the server is as a node, at each request anew; none where it is alone.
type clusterMetrics struct{ begins *beginning }

var (
	nodeHereDesc     = describe("cluster_node_here", "1 for each node that takes part, 0 for those that are known and don't.", "node")
	nodeRouteDesc    = describe("cluster_node_connected", "1 for each node that this one has a route to, or is, else 0.", "node")
	nodeCopyDesc     = describe("cluster_copy_current", "1 for each node whose copy of the log is current, else 0; as the leader of the log sees it.", "node")
	nodeLagDesc      = describe("cluster_copy_lag", "Entries that the copy of the log of each node is behind.", "node")
	leadsDesc        = describe("cluster_leader", "1 if this node leads the log, else 0.")
	hasLeaderDesc    = describe("cluster_has_leader", "1 while some node leads the log, as far as this one knows.")
	joinedDesc       = describe("cluster_joined", "1 when this node has the state that all have.")
	answersDesc      = describe("cluster_log_answers", "1 while the log takes what this node has for it within 2 seconds.")
	positionDesc     = describe("cluster_position", "Position in the log of the last batch that this node has applied.")
	logLagDesc       = describe("cluster_lag", "Batches that the log has and this node has not applied yet.")
	waitsDesc        = describe("cluster_waits_seconds", "How long the batch that is on its way to the log has been.")
	batchDesc        = describe("cluster_batch_bytes", "Batches that this node has published, by their bytes.")
	publishToApply   = describe("cluster_commit_seconds", "From when a batch of this node went out until this node has applied it.")
	publishApplyMost = describe("cluster_commit_longest_seconds", "The longest of these since the start.")
	electionsDesc    = describe("cluster_elections_total", "Leaders that the log has got since this node began.")
	hashChecksDesc   = describe("cluster_hash_checks_total", "Hashes of the state of other nodes that were compared with that of this one. One that differs ends the node.")
	hashAtDesc       = describe("cluster_hash_position", "The last position at which this node has made a hash of its state.")
	resentDesc       = describe("cluster_batches_resent_total", "Batches that had to be published again.")
	fetchedDesc      = describe("cluster_entries_fetched_total", "Entries of the log that had to be asked for, because they did not come.")
	droppedDesc      = describe("cluster_entries_dropped_total", "Entries that came faster than this node reads, and are fetched later.")
	logBytesDesc     = describe("cluster_log_bytes", "What the log takes on each disk that has a copy.")
)

// Describe implements prometheus.Collector.
func (m clusterMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{
		nodeHereDesc, nodeRouteDesc, nodeCopyDesc, nodeLagDesc, leadsDesc, hasLeaderDesc, joinedDesc, answersDesc, positionDesc, logLagDesc, waitsDesc, batchDesc,
		publishToApply, publishApplyMost, electionsDesc, hashChecksDesc, hashAtDesc, resentDesc, fetchedDesc, droppedDesc, logBytesDesc,
	} {
		to <- desc
	}
}

// Collect implements prometheus.Collector.
func (m clusterMetrics) Collect(to chan<- prometheus.Metric) {
	server := m.begins.server.Load()
	if server == nil {
		if m.begins.journal.Load() != nil {
			to <- gauge(joinedDesc, 0)
		}
		return
	}
	stats := server.Stats()
	s := stats.Cluster
	if s == nil {
		return
	}
	for i := range s.Nodes {
		n := &s.Nodes[i]
		to <- gauge(nodeHereDesc, flag(n.Here), n.Name)
		to <- gauge(nodeRouteDesc, flag(n.Connected), n.Name)
		to <- gauge(nodeCopyDesc, flag(n.Copy == meter.CopyLeads || n.Copy == meter.CopyCurrent), n.Name)
		to <- gauge(nodeLagDesc, float64(n.Lag), n.Name)
	}
	to <- gauge(leadsDesc, flag(s.Leader == s.Node))
	to <- gauge(hasLeaderDesc, flag(s.Leader != ""))
	to <- gauge(joinedDesc, flag(s.Joined))
	to <- gauge(answersDesc, flag(s.Answers))
	to <- gauge(positionDesc, float64(s.Position))
	to <- gauge(logLagDesc, float64(s.Lag))
	to <- gauge(waitsDesc, s.Waits.Seconds())
	to <- sizes(batchDesc, &s.Batches)
	to <- histogram(publishToApply, &s.Commit)
	to <- gauge(publishApplyMost, s.Commit.Longest.Seconds())
	to <- counter(electionsDesc, s.Elections)
	to <- counter(hashChecksDesc, s.HashChecks)
	to <- gauge(hashAtDesc, float64(s.HashAt))
	to <- counter(resentDesc, s.Resent)
	to <- counter(fetchedDesc, s.Fetched)
	to <- counter(droppedDesc, s.Dropped)
	to <- gauge(logBytesDesc, float64(s.LogBytes))
}

func flag(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func sizes(desc *prometheus.Desc, s *meter.Sizes) prometheus.Metric {
	buckets := make(map[float64]uint64, len(s.Buckets))
	for _, b := range s.Buckets {
		buckets[float64(b.AtMost)] = b.Count
	}
	return prometheus.MustNewConstHistogram(desc, s.Count, float64(s.Sum), buckets)
}
