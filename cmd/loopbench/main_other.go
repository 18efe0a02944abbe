//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "loopbench: it runs on Linux only: it measures with epoll and /proc")
	os.Exit(1)
}
