//go:build linux

package machine

import (
	"bytes"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"looproom/bench"
)

// sysctls are the kernel's settings that figures of many connections depend on.
var sysctls = []string{
	"fs.file-max",
	"fs.nr_open",
	"kernel.pid_max",
	"kernel.threads-max",
	"net.core.netdev_max_backlog",
	"net.core.rmem_max",
	"net.core.somaxconn",
	"net.core.wmem_max",
	"net.ipv4.ip_local_port_range",
	"net.ipv4.tcp_congestion_control",
	"net.ipv4.tcp_max_syn_backlog",
	"net.ipv4.tcp_mem",
	"net.ipv4.tcp_rmem",
	"net.ipv4.tcp_syncookies",
	"net.ipv4.tcp_tw_reuse",
	"net.ipv4.tcp_wmem",
	"vm.max_map_count",
}

// Describe tells of this computer. What can't be read stays empty. Cores are all CPUs of the machine, whatever this process is
// pinned to; Descriptors is this process's limit now, so call RaiseDescriptors before.
func Describe() bench.Machine {
	m := bench.Machine{
		CPU:         cpuModel(),
		Cores:       onlineCPUs(),
		MemoryBytes: memoryBytes(),
		Kernel:      kernel(),
		System:      system(),
		Go:          runtime.Version(),
		Sysctls:     map[string]string{},
		Commit:      commit(),
	}
	if limit, err := descriptorLimit(); err == nil {
		m.Descriptors = int(min(limit.Cur, maxInt))
	}
	for _, name := range sysctls {
		if value := readSysctl(name); value != "" {
			m.Sysctls[name] = value
		}
	}
	return m
}

const maxInt = uint64(^uint(0) >> 1)

// cpuModel is the name of the first CPU. Where /proc/cpuinfo has none, as on arm64, the architecture must do.
func cpuModel() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	if name := field(info, "model name", ":"); name != "" {
		return name
	}
	return runtime.GOARCH
}

func onlineCPUs() int {
	text, err := os.ReadFile("/sys/devices/system/cpu/online")
	if err != nil {
		return runtime.NumCPU()
	}
	cpus, err := parseCPUs(strings.TrimSpace(string(text)))
	if err != nil {
		return runtime.NumCPU()
	}
	return len(cpus)
}

func memoryBytes() int64 {
	info, _ := os.ReadFile("/proc/meminfo")
	return kibibytes(field(info, "MemTotal", ":"))
}

// kernel is its release and version as uname has them.
func kernel() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return ""
	}
	return unix.ByteSliceToString(u.Sysname[:]) + " " + unix.ByteSliceToString(u.Release[:])
}

func system() string {
	for _, name := range []string{"/etc/os-release", "/usr/lib/os-release"} {
		if text, err := os.ReadFile(name); err == nil {
			return strings.Trim(field(text, "PRETTY_NAME", "="), `"'`)
		}
	}
	return ""
}

// commit is what this program was built from; empty when that is not known, as in a test.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if settings["vcs.revision"] != "" && settings["vcs.modified"] == "true" {
		return settings["vcs.revision"] + " with changes"
	}
	return settings["vcs.revision"]
}

func readSysctl(name string) string {
	value, _ := os.ReadFile("/proc/sys/" + strings.ReplaceAll(name, ".", "/"))
	return strings.Join(strings.Fields(string(value)), " ")
}

// field is the value of the first line of text that is the name, a separator and the value.
func field(text []byte, name, separator string) string {
	for line := range bytes.Lines(text) {
		key, value, found := strings.Cut(string(line), separator)
		if found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// kibibytes reads what /proc writes as "1234 kB", and returns bytes; 0 if it is something else.
func kibibytes(value string) int64 {
	n, err := strconv.ParseInt(strings.TrimSuffix(value, " kB"), 10, 64)
	if err != nil {
		return 0
	}
	return n << 10
}
