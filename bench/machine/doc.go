// Package machine tells what figures of a measurement depend on: the computer (Describe), what a process and its children use
// (Watch), whether there are descriptors and ports enough (CheckDescriptors, CheckPorts), and who runs on which CPU (Plan, Pin).
//
// It reads /proc and /sys and knows nothing of workloads, clients or servers. It needs Linux. It has no goroutine of its own;
// a Watch belongs to one goroutine.
package machine
