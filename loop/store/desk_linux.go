package store

import "golang.org/x/sys/unix"

// giveWay has the goroutine's thread go behind others that want the processor. A kernel that refuses it does no harm.
func giveWay() { _ = unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), 10) }
