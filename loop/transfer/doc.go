// Package transfer moves files between a client's connection and the store: uploads, downloads, and the answers that the store has to be asked for.
//
// # Uploads
//
// While a file comes, the client's bytes are read by a goroutine of its own and not by the event loop: so a slow disk slows that client down by TCP's own means, and
// memory stays bounded. The loop asks for the upload (Service.Announce), which counts it or refuses it, and gives the connection away (Upload.Start). From then on the
// loop reads nothing of it; it goes on writing. The upload's end comes to the loop as one letter (Client.Ended), with what has been read too much, and behind
// it the connection (Client.TakeBack).
//
// What an upload is read from is a Stream: the connection as it is, or whatever decrypts it. If the client talks by WebSocket, the file is the payload of binary
// messages, which are cut here; what pings cost there, and when a file may begin, is what lines cost.
//
// # Downloads
//
// Answers of the store are a delivery.Source in their place among the others: what is said to the client meanwhile waits behind them. A file's bytes are read in
// pieces, the next one when the client has taken the last.
//
// # What it does not know
//
// It knows no gnet, no peers, no room and no dialect: refusals are errors, and Client.Words says an answer in the client's words. Nor does it know which encryption
// a connection has.
//
// # Goroutines
//
// A Service is for any goroutine. What belongs to a client belongs to the client's event loop: Upload but for its inside, Downloads, and the sources. Each
// upload has one goroutine of its own, which ends with the connection at the latest; the store's goroutines only post letters.
package transfer
