// Looproom is a chat server for any line client: nc, telnet, or a program of 20 lines.
//
// This command knows the command line, the environment and signals. It opens the file store and the doors, hands them a logger
// and waits; what happens between clients is in the packages below loop.
//
// Its exit status is 0 after a signal and a drain, 1 when something fails while it starts, a second signal comes or the disk does not answer at the end, and 2
// when a flag, a variable of the environment or the config file can't be used, or the room has panicked. SIGHUP reads the config file again.
package main
