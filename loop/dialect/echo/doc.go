// Package echo is the language of the echo door: what a client sends comes back as it came, whatever the bytes are.
//
// It knows nothing of rooms and users, since nobody else hears of an echo, and nothing of sockets and frames. It keeps no state, so
// all loops may use it at once.
package echo
