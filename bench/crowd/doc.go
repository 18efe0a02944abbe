// Package crowd holds more clients than one process has descriptors for: each Part is a process of its own with some of them, at one node of a server that is one on several, and the Crowd tells all
// parts what to do by their standard input and adds up what they say on their standard output, a line of JSON each.
//
// All clients are in one room. The first of each part talks, at an even rate whether or not the server keeps up. Each client counts what it hears, by the talker and the number in the words, so that
// what is lost, doubled or out of order shows; and the words say when they were due, on the clock that all processes of a machine share.
//
// A part is one thread. The package knows of no server. It builds on Linux only.
package crowd
