// Package irc is IRC as the clients of today speak it: Modern IRC (modern.ircdocs.horse) and the IRCv3 specifications, and where they are silent RFC 2812.
//
// # Bytes
//
// A line comes without its end. It may have 512 bytes with CRLF, and 4,096 of tags in front; what is longer is refused whole. A line that goes out has at most
// 512 bytes and 8,191 of tags, and is cut between characters. Nothing that anybody has said can end a line or begin another one: NUL, CR and LF are dropped from all that goes out, and
// a parameter that isn't the last has no space. All other control characters pass, colours and CTCP among them.
//
// The package knows nothing of sockets, clocks and who is connected. What it keeps of a client is touched only by the goroutine of that client's loop.
package irc
