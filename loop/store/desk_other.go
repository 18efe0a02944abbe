//go:build !linux

package store

// giveWay does nothing where threads have no priorities of their own.
func giveWay() {}
