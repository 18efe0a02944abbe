//go:build linux

package door

// guarded runs f on a goroutine of the doors. It says whether f came to its end, and didn't panic.
func (ds *Doors) guarded(f func()) (ended bool) {
	defer func() {
		if r := recover(); r != nil {
			ds.host.Panicked(r)
		}
	}()
	f()
	return true
}
