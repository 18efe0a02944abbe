//go:build race

package store

// slowdown is how much longer a search may take under the race detector, which makes SQLite some twenty times slower.
const slowdown = 10
