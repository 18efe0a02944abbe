// Package meter counts: what each event loop does, how long it takes, where it stalled, who is connected and who was refused. It is read by /metrics, by STATS
// and by the status page.
//
// # What it knows
//
// A Loop is what one event loop has counted, and its watch over its own lag. Census counts the connections of a door, Reasons what happened by a word. Stats is all of
// that as plain numbers, Totals the sums of them, and Figures and Reading are what an operator and the status page are told.
//
// # What it does not know
//
// It knows no room, no client, no socket and no door: who counts something says what it is by the counter that it takes. Words go out in one place only, the log lines of
// stalls, and those begin here and are ended by who knows whose fault it was.
//
// # Goroutines
//
// Counters, Census and Reasons are safe for any goroutine. A Loop's Tally, and its methods, are for the goroutine of its event loop alone: they are plain numbers,
// because some are counted for each delivery, and become visible to others with the end of a batch. Stats and what is made of it are values, owned by who has them.
package meter
