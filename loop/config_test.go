//go:build linux

package loop

import (
	"testing"

	"looproom/loop/accounts"
)

// TestCloakKeySize: a key that was cut short is no key.
func TestCloakKeySize(t *testing.T) {
	for _, size := range []int{1, accounts.CloakKeySize - 1, accounts.CloakKeySize + 1} {
		cfg := Config{CloakKey: make([]byte, size)}
		if err := cfg.withDefaults(); err == nil {
			t.Errorf("a cloak key of %d bytes is taken, want an error", size)
		}
	}
}
