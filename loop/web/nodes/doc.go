// Package nodes is what a node of a cluster knows of where browsers reach the others: their public URLs, who of them takes part just now, and what follows from that for pages: the list that a page
// asks for, where it may connect, and from where it may come.
//
// Each node says its own URL and passes on those that it knows. So a node that was just started lets in the pages of one that has failed meanwhile.
//
// It knows nothing of the network, of time or of HTTP. A List is safe for any goroutine.
package nodes
