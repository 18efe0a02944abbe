//go:build linux && torture

package main_test

import (
	"testing"
	"time"
)

// TestTortureTLSCrowd: thousands in one room, all behind TLS.
func TestTortureTLSCrowd(t *testing.T) { chatSecurely(t, of(1000, 5000), 10*time.Minute) }

// TestTortureStuckHandshakes waits until the server has had enough of them.
func TestTortureStuckHandshakes(t *testing.T) { stick(t, of(300, 2000), true) }
