// Package opening tells by what a connection begins with that its client speaks another protocol: HTTP, which a page in somebody's
// browser can send to any port; SSH; or one of bytes that are no text, as port scans try them.
//
// It is pure: it has no clock, no I/O and no goroutine, and knows nothing of doors. It looks at the first line alone, before anything
// is stripped from it.
package opening
