// Package rollcall brings very many clients of IRC into one channel and then compares what each of them has been told: whom it sees there, from the
// NAMES that it got when it came in and each JOIN, PART, QUIT and NICK since, against what NAMES says at the end.
//
// Clients come in at an even rate, whether or not the server keeps up (an open loop). Some talk, some leave and come back, some change their names,
// before they have said anything or after. A server that hides those who only listen, as is usual for channels of this size, passes where everybody
// is told a JOIN before the first that is heard of somebody, and a PART or QUIT of whom it sees, and of nobody else. What is told of somebody
// who isn't seen, and who is seen and isn't there any more, is a fault of the view of one client. A bystander in another channel asks for answers meanwhile.
//
// Each client has a goroutine. The package knows of no server, and measures no other process. It builds on Linux only.
package rollcall
