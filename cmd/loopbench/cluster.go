//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"looproom/bench"
	"looproom/bench/contest"
	"looproom/bench/peer"
)

// clusterNodes is how many nodes looproom-cluster has: the fewest that are possible.
const clusterNodes = 3

// cluster starts looproom as several nodes that are one.
func (s *stable) cluster(ctx context.Context, name string, argv []string, w *bench.Workload) (*contest.Server, error) {
	first, err := startNodes(ctx, s.options(w), name, argv, clusterNodes)
	if err != nil {
		return nil, err
	}
	return s.running(first, lineDoor.dialect)
}

// startNodes starts so many nodes of a new cluster, with the same flags besides. Those behind the first are its Nodes.
func startNodes(ctx context.Context, o peer.StartOptions, name string, argv []string, count int) (*peer.Running, error) {
	folder, err := os.MkdirTemp(o.Dir, "cluster-") // a log that is there already is another cluster's
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	ports, err := peer.FreePorts(count)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	links := make([]string, count)
	for i, port := range ports {
		links[i] = fmt.Sprint("127.0.0.1:", port)
	}
	nodes, errs := make([]*peer.Running, count), make([]error, count)
	var starting sync.WaitGroup
	for i := range nodes {
		node := fmt.Sprint("n", i+1)
		flags := slices.Concat(argv, lineDoor.listen(), []string{
			"--cluster", "bench", "--node", node, "--cluster-listen", links[i], "--cluster-join", strings.Join(slices.Delete(slices.Clone(links), i, i+1), ","), "--state", filepath.Join(folder, node),
		})
		// None is ready before the others are there.
		starting.Go(func() { nodes[i], errs[i] = peer.StartCommand(ctx, o, name+" "+node, flags, lineDoor.scheme) })
	}
	starting.Wait()
	if err := errors.Join(errs...); err != nil {
		for _, node := range nodes {
			if node != nil {
				err = errors.Join(err, node.Stop())
			}
		}
		return nil, err
	}
	nodes[0].Nodes = nodes[1:]
	return nodes[0], nil
}
