//go:build linux

package machine

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"syscall"
)

// spareDescriptors are what a process needs besides its connections: files, listeners, epoll, pipes.
const spareDescriptors = 64

// usualDescriptors is below what no limit is set, so that a small run changes little.
const usualDescriptors = 4096

// RaiseDescriptors sets the limit of open descriptors to what need connections take, for this process and for all that it starts
// from then on. (The Go runtime raises it for its own process alone.) It raises the hard limit too where it may. It goes no further
// than needed, because some servers make tables of that size. It is no error when the limit stays too low: CheckDescriptors tells.
func RaiseDescriptors(need int) error {
	limit, err := descriptorLimit()
	if err != nil {
		return err
	}
	needed := max(uint64(need)+spareDescriptors, usualDescriptors)
	if needed > limit.Max && syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: needed, Max: needed}) == nil {
		return nil
	}
	limit.Cur = min(needed, limit.Max)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("set the limit of descriptors to %d: %w", limit.Cur, err)
	}
	return nil
}

func descriptorLimit() (syscall.Rlimit, error) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return limit, fmt.Errorf("read the limit of descriptors: %w", err)
	}
	return limit, nil
}

// CheckDescriptors returns an error when a process with this one's limit can't hold need connections. The error says how many
// it can hold and how to raise that. Call RaiseDescriptors before.
func CheckDescriptors(need int) error {
	limit, err := descriptorLimit()
	if err != nil {
		return err
	}
	return judgeDescriptors(need, limit.Cur)
}

func judgeDescriptors(need int, limit uint64) error {
	if needed := uint64(need) + spareDescriptors; limit < needed {
		return fmt.Errorf("%d connections need %d descriptors, the limit of %d allows %d connections (run \"ulimit -n %d\" before, as root "+
			"where the hard limit is lower; fs.nr_open is %s)",
			need, needed, limit, max(int64(limit)-spareDescriptors, 0), needed, readSysctl("fs.nr_open"))
	}
	return nil
}

// CheckPorts returns an error when need connections from this machine to one port are more than there are local ports, where
// they come from that many local addresses. The error says how many are possible and how to get more. Ports that others use or that
// wait in TIME_WAIT are not known to it.
func CheckPorts(need, addresses int) error {
	return judgePorts(need, addresses, readSysctl("net.ipv4.ip_local_port_range"))
}

func judgePorts(need, addresses int, portRange string) error {
	each, err := portsIn(portRange)
	if err != nil {
		return fmt.Errorf("net.ipv4.ip_local_port_range %q: %w", portRange, err)
	}
	if possible := each * addresses; need > possible {
		return fmt.Errorf("%d connections need as many local ports, there are %d: %d on each of %d addresses (use %d addresses of 127.0.0.0/8, "+
			"or run \"sysctl -w net.ipv4.ip_local_port_range='1024 65535'\" as root)", need, possible, each, addresses, (need+each-1)/each)
	}
	return nil
}

// portsIn returns how many ports "32768 60999" has.
func portsIn(portRange string) (int, error) {
	first, last, found := strings.Cut(portRange, " ")
	low, errLow := strconv.Atoi(first)
	high, errHigh := strconv.Atoi(last)
	if err := errors.Join(errLow, errHigh); !found || err != nil || high < low {
		return 0, errors.New("not a range of two numbers")
	}
	return high - low + 1, nil
}
