// Package abuse is what a few clients can do to a server, and to others on it, while they keep within its limits: they ask for much and don't read
// it, send what counts for nothing, or all do the same at once. Bystanders in another room tell how long the server has no time for them, and its
// process how much memory it takes.
//
// A Case is told in words and in an attack for each dialect that has it; where a protocol has nothing of the kind, the report says so.
// Attackers come from many addresses of 127.0.0.0/8, no more of them from one than servers usually allow. All of them, and the crowd that some
// cases need, are served by one thread (crew), which does no more than the attack needs: who reads has its input thrown away.
//
// The package knows the languages of servers and not the servers: an Opponent says how to start one. It builds on Linux only.
package abuse
