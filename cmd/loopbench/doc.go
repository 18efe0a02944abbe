// Command loopbench measures line servers: looproom, the same chat on other models of concurrency, servers that others wrote, or any
// other that speaks a dialect it knows.
//
//	loopbench                                        a first comparison, in under a minute
//	loopbench compare --html report.html             a full one
//	loopbench run fanout --target tcp://host:4222 --dialect nats
//	loopbench abuse                                  what a few clients can do to a server within its limits
//	loopbench rollcall -s looproom-irc               15,000 clients of IRC in one channel, and whom each of them sees
//	loopbench crowd                                  100,000 clients in one room of six nodes
//	loopbench serve threads --listen :7777           one of the rivals, to look at
//	loopbench report before.json after.json          what changed beyond noise
//
// The flags are here; all that measures is in package bench and below.
package main
