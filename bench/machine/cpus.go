//go:build linux

package machine

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

func cpuSet(cpus []int) (set unix.CPUSet) {
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	return set
}

// allowedCPUs are those that this process may use.
func allowedCPUs() (cpus []int, err error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(os.Getpid(), &set); err != nil {
		return nil, fmt.Errorf("read the CPUs of this process: %w", err)
	}
	for cpu := range len(set) * 64 {
		if set.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	return cpus, nil
}

// coresOf groups CPUs that are threads of one core. Where the kernel doesn't say, each is its own core.
func coresOf(cpus []int) (cores [][]int) {
	at := map[string]int{}
	for _, cpu := range cpus {
		text, err := os.ReadFile(fmt.Sprintf("/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu))
		core, known := at[string(text)]
		if err != nil || !known {
			at[string(text)] = len(cores)
			cores = append(cores, []int{cpu})
			continue
		}
		cores[core] = append(cores[core], cpu)
	}
	return cores
}

// parseCPUs reads a list as the kernel writes it: "0-3,8". It returns each once, in order.
func parseCPUs(list string) (cpus []int, err error) {
	for part := range strings.SplitSeq(list, ",") {
		low, high, isRange := strings.Cut(part, "-")
		if !isRange {
			high = low
		}
		first, errFirst := strconv.Atoi(low)
		last, errLast := strconv.Atoi(high)
		if errors.Join(errFirst, errLast) != nil || first < 0 || last < first || last >= maxCPUs {
			return nil, fmt.Errorf("%q is not a list of CPUs such as 0,2-3", list)
		}
		for cpu := first; cpu <= last; cpu++ {
			cpus = append(cpus, cpu)
		}
	}
	slices.Sort(cpus)
	return slices.Compact(cpus), nil
}

// maxCPUs is how many a unix.CPUSet has room for.
const maxCPUs = 1024

func listCPUs(cpus []int) string {
	var words []string
	for i := 0; i < len(cpus); {
		last := i
		for last+1 < len(cpus) && cpus[last+1] == cpus[last]+1 {
			last++
		}
		word := strconv.Itoa(cpus[i])
		if last > i {
			word += "-" + strconv.Itoa(cpus[last])
		}
		words = append(words, word)
		i = last + 1
	}
	return strings.Join(words, ",")
}
