// Package hosts says by which names a server may be asked for by HTTP. A page of a stranger whose name suddenly leads to the server's
// address (DNS rebinding) has the browser send that name as Host, and would otherwise count as a page of the server's own.
//
// It knows nothing of what is served, of doors or of users. A Names never changes once it is made; it is safe for any goroutine.
package hosts
