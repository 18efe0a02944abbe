// Package budget is the accountant of a server's memory: each source of it says how many bytes it holds, and is told when there are no
// more to be had.
//
// A Budget has a ceiling and, a sixteenth below it, a high water mark. What one can refuse is taken with Take: the greedy sources up to the mark,
// connections up to the ceiling and beside what others have waiting, so that those who hold most never keep others from coming in. What is there already is counted with Add, or
// by a Gauge, however much it is; beyond the mark Over is true, and who holds most is to be dropped.
//
// The package knows nothing of sockets or clients. A Budget is safe for any goroutine and takes no lock; a Gauge belongs to one goroutine.
package budget
