package ending

// Reason is why a connection ends.
type Reason uint8

// The reasons that there are.
const (
	None            Reason = iota
	Left                   // the client has said goodbye
	ClosedByClient         // it has closed its side, or the connection
	ShuttingDown           // the server ends
	UploadCut              // the same, in the middle of a file
	Kicked                 //
	LoggedElsewhere        // its account has
	LoggedOut              // by another session of its user
	Banned                 //
	Flood                  // it sends too much too fast
	SpeaksHTTP             // where lines are spoken
	SpeaksOther            // than lines
	TooSlow                // it does not read what it is sent
	PingTimeout            // it has not answered whether it is there
	TooMuchInput           // the server is short of memory, and much of what the client has sent waits
	TooMuchOutput          // the same, and much waits to be read by it
	FileUnreadable         // in the middle of sending it
	InternalError          // a panic in a step of it
	Expelled               // for what the detail says
	Broken                 // the connection, as the detail says
	TLS                    // has failed, as the detail says
	WebSocket              // was broken, as the detail says
	UploadBroken           // as the detail says
	Unenrolled             // the loop could not take the connection back, as the detail says
)

// reasonWords are what is logged; a detail follows where they end with a blank, or are empty.
var reasonWords = [...]string{
	Left: "left", ClosedByClient: "closed by the client", ShuttingDown: "the server is shutting down",
	UploadCut: "the server is shutting down; the upload was not complete",
	Kicked:    "kicked", LoggedElsewhere: "logged in elsewhere", LoggedOut: "logged out by another session", Banned: "banned", Flood: "flood",
	SpeaksHTTP: "speaks HTTP", SpeaksOther: "speaks another protocol", TooSlow: "reads too slowly", PingTimeout: "Ping timeout: 120 seconds",
	TooMuchInput:   "sends too fast, and the server is short of memory",
	TooMuchOutput:  "reads too slowly, and the server is short of memory",
	FileUnreadable: "a file could not be read", InternalError: "internal error",
	TLS: "TLS: ", WebSocket: "WebSocket: ", UploadBroken: "upload broken off: ", Unenrolled: "can't enrol again: ",
}

// Words are what the log has of the reason.
func (r Reason) Words(detail string) string { return reasonWords[r] + detail }
