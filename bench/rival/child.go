//go:build linux

package rival

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// The environment by which a process knows that it is a child.
const (
	childVar   = "LOOPROOM_RIVAL_CHILD"   // the name of the model
	addressVar = "LOOPROOM_RIVAL_ADDRESS" // of a prefork worker
)

// childFD is the descriptor that a child is given: its client, or where it says that it is ready.
const childFD = 3

// MaybeChild does a child's work and ends the process, if this process is a child that processes or prefork started; otherwise it
// returns at once. A program that calls Serve has to call it before anything else in main, and a test in TestMain.
func MaybeChild() {
	model := os.Getenv(childVar)
	if model == "" {
		return
	}
	if err := beChild(model); err != nil {
		fmt.Fprintf(os.Stderr, "%s: child: %v\n", model, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func beChild(model string) error {
	unix.CloseOnExec(childFD)
	switch model {
	case "processes":
		runtime.LockOSThread() // nothing else is to be run
		newBlockingConn(childFD, "").echo()
		return nil
	case "prefork":
		return work(os.Getenv(addressVar))
	}
	return fmt.Errorf("%s=%s is no model with children", childVar, model)
}
