package room

// Code is the stable part of an error, for programs. PROTOCOL.md lists them all.
type Code string

// The error codes.
const (
	UnknownCommand Code = "unknown-command"
	BadArgument    Code = "bad-argument"
	BadName        Code = "bad-name"
	NameTaken      Code = "name-taken"
	AlreadyIn      Code = "already-in"
	NeedName       Code = "need-name"
	NoSuchUser     Code = "no-such-user"
	NoSuchRoom     Code = "no-such-room"
	NoRoom         Code = "no-room"
	TooManyRooms   Code = "too-many-rooms"
	TooLong        Code = "too-long"
	LineTooLong    Code = "line-too-long"
	FilesOff       Code = "files-off"
	NoHistory      Code = "history-off"
	HistoryFailed  Code = "history-failed"
	NeedLineDoor   Code = "need-line-door"
	FileTooLarge   Code = "file-too-large"
	NoSuchFile     Code = "no-such-file"
	FileFailed     Code = "file-failed"
	Quota          Code = "quota"
	DiskFull       Code = "disk-full"
	ServerFull     Code = "server-full"
	Flood          Code = "flood"
	Skipped        Code = "skipped"
	SignInTimeout  Code = "sign-in-timeout"

	TooManyConnections Code = "too-many-connections"
	ConnectingTooFast  Code = "connecting-too-fast"
	TooManyRequests    Code = "too-many-requests"

	NeedPassword      Code = "need-password"
	WrongPassword     Code = "wrong-password"
	TooManyAttempts   Code = "too-many-attempts"
	BadPassword       Code = "bad-password"
	Busy              Code = "busy"
	NameRegistered    Code = "name-registered"
	NotRegistered     Code = "not-registered"
	NamesOff          Code = "names-off"
	LoggedOut         Code = "logged-out"
	NoSuchSession     Code = "no-such-session"
	LoggedInElsewhere Code = "logged-in-elsewhere"
	NotOperator       Code = "not-operator"
	NoSuchBan         Code = "no-such-ban"
	Kicked            Code = "kicked"
	Banned            Code = "banned"
	Shunned           Code = "shunned"
	NotKept           Code = "not-kept"
	NotRoomOperator   Code = "not-room-operator"
	PutOut            Code = "put-out"
	RoomBanned        Code = "room-banned"
	RoomLocked        Code = "room-locked"
	RoomKey           Code = "room-key"
	RoomMuted         Code = "room-muted"
	TooManyRights     Code = "too-many-rights"
	NotAProxy         Code = "not-a-proxy"
	NeedTLS           Code = "need-tls"
	WrongProtocol     Code = "wrong-protocol"

	LooksLikeAPassword Code = "looks-like-a-password"

	Closing Code = "closing"

	// HandshakeFailed is for the log and the metrics alone: TLS itself tells the client.
	HandshakeFailed Code = "handshake-failed"
)
