// Package rate says how fast things may be done, and by whom: token buckets that cost one time each, and a table of them by address, of bounded size.
//
// It knows nothing of sockets, clients or what it is that is done, and has no clock: the time comes with each call, as the time on a clock that never goes back.
// Rate, Rates and Key are values. A Limiter is safe for any goroutine.
package rate
