// Package dialogue plays written conversations between clients and a chat server, and says where the server departs from them.
//
// A dialogue is a file in chats/, one statement in a line. The same files are played against the pure state ([NewPure]), against looproom
// over TCP and against every other server of the protocol ([NewTCP]):
//
//	# A line goes to everyone but its sender.      a comment; the last one above a failing line is part of the failure
//	% recent=5 away-after=1s                        what the server is started with, at most once and first (see Options)
//	+ ann                                           ann connects, and her first line is waited for
//	+ ida (irc)                                     ida connects as a client of IRC, to which nothing is said before it speaks
//	ann> hello                                      ann sends a line
//	ann>? HISTORY                                   ann sends a line, again and again until it is answered by the line that is expected next
//	ann>> "hel"                                     ann sends exactly these bytes, a Go string
//	bob< [ann] hello                                the next line that bob gets is this one
//	bob< ~ = \S+ \[ann\] .*                         the next line that bob gets matches all of this regular expression
//	bob<tls :x 671 bob ann :is using a secure ...   the next line that bob gets is this one, where clients come by TLS; bob<clear: where they don't
//	bob< -                                          nothing is waiting for bob
//	bob< ...                                        whatever else is waiting for bob is of no interest
//	bob< EOF                                        the server has closed bob's connection
//	- ann                                           ann's connection is cut, with what she has not read
//	| ann                                           ann closes her sending side
//	@ 11s                                           time passes
//
// The n-th client that connects in a dialogue comes from 127.0.1.n, port 40000+n, so that dialogues can quote the names of guests.
//
// A client of IRC sends CR and LF behind its lines; those that come to it must end so, and are compared without. It is fenced by PING as well, and leaves
// by QUIT; where the very next steps expect its lines up to EOF, no PING is sent, as none might be answered.
//
// After a line that a client sends, the runner has it send PING and waits for the PONG, so that what several clients do has one
// order; lines that come meanwhile are kept until they are expected. It doesn't after END, /quit and LOGOUT alone, or after bytes that don't end
// a line. At the end of a dialogue all clients must have got just what was expected of them.
//
// # Writing dialogues that hold over TCP
//
// Time passes by itself there: @ is for the pure state, and the next expected line is waited for. After "- ann" and "| ann" nothing
// tells when the server has noticed: let a line that follows from it be expected before other clients go on. Nor does a server promise
// whether an operator is answered before the ban has hit others: let that one be in none of their rooms. What comes once a
// second (digests, going away) has to be expected one event at a time. What has just been said may not be found by SEARCH yet: >? asks again.
package dialogue
