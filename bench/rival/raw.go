//go:build linux

package rival

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// rawRead is read(2) on a descriptor that doesn't block, so Go's scheduler need not be told. b is not empty.
func rawRead(fd int, b []byte) (n int, err unix.Errno) {
	r, _, err := unix.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	return int(r), err
}

// rawWrite is write(2) on a descriptor that doesn't block. b is not empty.
func rawWrite(fd int, b []byte) (n int, err unix.Errno) {
	r, _, err := unix.RawSyscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	return int(r), err
}
