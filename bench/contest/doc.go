// Package contest brings the same workloads to several servers, in turn, and collects what came out.
//
// Repetitions are interleaved (A B C A B C, each round beginning with another one), so that what else the machine does falls on all
// alike; every repetition has a server of its own, started for it and stopped after it. The package knows no server: a Contestant
// says how to start one.
//
// It builds on Linux only.
package contest
