//go:build !race

package store

// slowdown is how much longer a search may take where nothing makes SQLite slower.
const slowdown = 1
