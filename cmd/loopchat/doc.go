// Command loopchat is a chat client for looproom: a window in a terminal, and a plain filter where standard input or output is none.
//
// Package session below it speaks the protocol; here is what a person sees and types. The window is one Bubble Tea model, which runs on
// one goroutine: events of the session come to it as messages.
package main
