// Package asset serves a file that is inside the program: whole, or compressed to who takes that, and not at all to who has it already.
//
// It knows nothing of what is in the file, nor of what else a response has to say. An Asset never changes; it is safe for any goroutine.
package asset
