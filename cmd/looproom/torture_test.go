//go:build linux && torture

package main_test

import (
	"os"
	"testing"
	"time"
)

// The tests of faults_*_test.go in the size that takes its time: `make torture` runs them short, `make torture TORTURE=full` in full.

// of returns the size of a torture: the short one unless the environment says full.
func of[T any](short, full T) T {
	if os.Getenv("TORTURE") == "full" {
		return full
	}
	return short
}

func TestTortureCrowdVanishes(t *testing.T) { vanish(t, of(5000, 18_000)) }

func TestTortureBystanderOfACrowd(t *testing.T) { standBy(t, of(5000, 18_000), 50) }

func TestTortureCrowdIsBanned(t *testing.T) { banCrowd(t, "1", of(4000, 8000)) }

// TestTortureClientsThatDoNotRead: 500 at once, with the sendq of a server that nobody has configured.
func TestTortureClientsThatDoNotRead(t *testing.T) {
	neglect(t, of(100, 500), 10*time.Millisecond, 1<<30)
}

func TestTortureKilledUnderLoad(t *testing.T) { killUnderLoad(t, 100) }

func TestTortureEndlessLine(t *testing.T) { endlessLine(t, of(256<<20, 1<<30)) }

func TestTortureNoise(t *testing.T) { makeNoise(t, of(8<<20, 64<<20)) }

func TestTortureFuzzedInput(t *testing.T) { fuzzInput(t, of(1_000_000, 10_000_000), 2) }

func TestTortureKilledWhileFilesArrive(t *testing.T) { killAgain(t, of(40, 200)) }

func TestTortureStopped(t *testing.T) {
	if lost, _ := stopFor(t, of(10*time.Second, 30*time.Second)); len(lost) > 0 {
		t.Error(lost)
	}
}

// TestTortureCluster: nodes are killed, stopped, cut off and told to leave, in a random order.
func TestTortureCluster(t *testing.T) {
	tortureCluster(t, of(3, 5), of(time.Minute, 10*time.Minute))
}
