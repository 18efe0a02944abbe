//go:build !linux

package main

import (
	"fmt"
	"os"
	"runtime"
)

func main() {
	fmt.Fprintf(os.Stderr, "looproom: the server runs on Linux only, for it is built on epoll, and this is %s\n", runtime.GOOS)
	os.Exit(1)
}
