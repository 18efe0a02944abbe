// Package peer knows the languages of line servers, and how to start servers: those that others wrote (Peers), with a
// configuration that doesn't hobble them, and any other command that says where it listens (StartCommand).
//
// A dialect only makes bytes; it knows nothing of sockets, and any number of goroutines may use one at once. A started server is
// watched by a goroutine with an OS thread of its own; the methods of Running may be called from anywhere.
//
// The package measures nothing, and installs nothing: a program that is missing is an error that says how to get it.
//
// # Caveats
//
// Starting raises the soft limit of descriptors towards the hard one for the whole process, for the children inherit it.
// Servers are started on Linux only; the dialects are for every system.
package peer
