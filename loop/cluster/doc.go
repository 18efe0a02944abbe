// Package cluster makes a server one of several that are one chat: it finds the state that all have, keeps this node's place among the others, and brings the batches of their log to the loop that
// has the room. It stands between the log of bytes (journal) and that of commands (order.Log).
//
// # How a node begins
//
// Begin asks all nodes who they are. If one has the state, that is taken from it, together with the place in the log where it stands, and what has been written since is read behind it. If none
// has, all have been down: when all of them are there, or most and nothing has come into the log for five seconds, the one that keeps the latest message, or of those the first by name, makes the state of what it keeps, and says so in the log. What the
// log has first counts, and whoever was slower takes the state from there. So two halves of a cluster that don't see each other can't both begin: the log takes nothing without a majority. A node that was away meanwhile, and has the state that was, finds the new one in the log and can't go on.
//
// # How it stays
//
// Follow reads the log for as long as the node runs. The home loop applies what comes piece by piece, and the reading waits for it. What the loop submits goes out one batch at a time. Once a
// second the node shows that it lives. Patience says when the log has not answered for so long that clients are to be told. If the log can't be read any further, because it no longer has
// what is next, ends before that or has been made anew, the home is told so: the process is to end, and to begin with the state of another node.
//
// # Goroutines
//
// Begin, Follow, Propose and Leave wait, and are for goroutines that may. All that belongs to the order.Log happens on the home loop, by Config.Home.
package cluster
