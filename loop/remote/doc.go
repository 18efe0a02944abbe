// Package remote says where a client comes from: an address, or a user of this machine who has come by a Unix socket. By that it is banned, counted and shown to
// operators.
//
// It knows sockets only as far as it takes to ask the kernel who has their other end. Its functions are safe for any goroutine; those that ask take some
// microseconds and wait for nobody.
package remote
