//go:build linux

package main

import (
	"time"

	"github.com/alecthomas/kong"

	"looproom/loop"
	"looproom/loop/accounts"
	"looproom/loop/room"
	"looproom/loop/unit"
)

const about = `A chat server for any line client: nc, telnet, or a program of 20 lines.
Each flag can be a variable of the environment, too: --max-line is LOOPROOM_MAX_LINE. Or it stands in the file that --config names,
without the two dashes. The command line comes first, then the environment, then the file.`

// flags is the command line. What a number may be, and is by itself, say its unit.Bound. The tag example is shown in the help. A flag with the tag live can be changed while the server runs, by the
// config file and SIGHUP.
type flags struct {
	Config string `placeholder:"FILE" help:"Settings in TOML, named as the flags; SIGHUP reads them again." example:"--config /etc/looproom.toml"`

	Listen  doors     `placeholder:"URL" default:"line://:7777" help:"A door for clients, see below: line, http, irc, fixed, chunk or echo (${default}); may be repeated." example:"--listen line://:7777 --listen http://:8080"`
	Loops   int       `placeholder:"N" help:"Event loops; 0: half of the cores, at least 1." example:"--loops 4"`
	MaxLine unit.Size `placeholder:"SIZE" help:"Longest line, its end included (${default})." example:"--max-line 64k"`

	roomFlags
	limitFlags
	accessFlags
	clusterFlags

	ShowAddresses accounts.Addresses `live:"yes" placeholder:"yes|cloak|no" default:"yes" help:"Name guests by their addresses, by a cloak of them that is the same for one address, or not at all (${default})." example:"--show-addresses cloak"`

	State string `placeholder:"DIR" help:"Folder for what outlives a restart: accounts, bans, rooms, messages, the key of the cloaks. Without it, nothing does." example:"--state /var/lib/looproom/state"`

	KeepMessages keepMessages `placeholder:"AGE,N" default:"30d,1000000" help:"Messages that --state keeps for HISTORY and SEARCH: how long, and how many of each room (${default}); one may stand alone; 0: none." example:"--state /var/lib/looproom/state --keep-messages 90d"`
	Sync         string       `placeholder:"batch|off|always" default:"batch" enum:"batch,off,always" help:"How hard --state is forced to the disk: what is said within 50 ms, and at once what is acknowledged (batch); nothing (off); all at once (always)." example:"--state /var/lib/looproom/state --sync always"`

	Files   string    `placeholder:"DIR" help:"Folder for the files that users send; without it, files are off." example:"--files /var/lib/looproom"`
	MaxFile unit.Size `placeholder:"SIZE" help:"Largest file (${default})." example:"--max-file 1GiB"`

	DiskReserve unit.Size `placeholder:"SIZE" help:"What stays free on the disk of --files, for the state and others (${default}); 0: nothing." example:"--disk-reserve 1GiB"`

	ServerName string `placeholder:"NAME" help:"The server's name for clients of IRC, with a dot; without it, the machine's, or looproom.local." example:"--server-name irc.example.org --listen irc://"`
	Network    string `placeholder:"NAME" default:"looproom" help:"What clients of IRC call the whole (${default})." example:"--network 'Example Chat'"`
	MOTD       string `name:"motd" live:"yes" placeholder:"FILE" help:"Message of the day, for clients of IRC and doors with ?greeting=yes; SIGHUP reads it again." example:"--motd /etc/looproom.motd"`

	Admin      string `placeholder:"HOST:PORT" help:"Health and metrics by HTTP; without it, off. Keep it from strangers." example:"--admin 127.0.0.1:7780"`
	AdminPprof bool   `help:"Profiles at /debug/pprof of --admin, too." example:"--admin-pprof --admin 127.0.0.1:7780"`

	Host []string `placeholder:"NAME" help:"A name by which browsers ask for --admin and http doors, besides addresses, localhost and this machine's; * for any; may be repeated." example:"--host chat.example --listen http://:8080"`

	Status bool `help:"How the server is, drawn at /status of its http doors, for all who reach them." example:"--status --listen http://:8080"`

	Drain     time.Duration `live:"yes" placeholder:"DURATION" help:"How long the end waits for clients to take what is queued (${default})." example:"--drain 30s"`
	LogLevel  string        `live:"yes" placeholder:"LEVEL" default:"info" enum:"trace,debug,info,warn,error" help:"trace, debug, info, warn or error (${default})." example:"--log-level debug"`
	LogFormat string        `placeholder:"FORMAT" default:"" enum:",console,json" help:"console or json; without it, console on a terminal and JSON elsewhere." example:"--log-format json"`

	Profile string `placeholder:"DIR" help:"Leave CPU and heap profiles there when the end begins, for go tool pprof." example:"--profile /tmp/profile"`

	Version kong.VersionFlag `env:"-" help:"Print the version and end." example:"--version"`
	Serve   struct{}         `cmd:"" default:"1" help:"Run the server."`
}

// roomFlags are the rules of the chat.
type roomFlags struct {
	AwayAfter          time.Duration `live:"yes" placeholder:"DURATION" help:"Who says nothing for so long is away (${default}); 0: never." example:"--away-after 90s"`
	AnnounceMax        int           `live:"yes" placeholder:"N" help:"With more members, a room tells who comes and goes as a digest (${default})." example:"--announce-max 50"`
	Recent             int           `live:"yes" placeholder:"N" help:"Messages that each room keeps for RECENT (${default})." example:"--recent 1000"`
	RecentBytes        unit.Size     `live:"yes" placeholder:"SIZE" help:"And their most bytes in one room (${default}); 0: any number." example:"--recent-bytes 1MiB"`
	Guests             string        `live:"yes" placeholder:"speak|read" default:"speak" enum:"speak,read" help:"What guests may do who have no name: speak, or only read (${default})." example:"--guests read"`
	MaxRooms           int           `live:"yes" placeholder:"N" help:"Most rooms at once (${default}); 0: any number." example:"--max-rooms 100"`
	Sessions           int           `live:"yes" placeholder:"N" help:"Most connections that one person has at a time, who has logged in (${default}); 1: who logs in ends the earlier one." example:"--sessions 1"`
	MaxRoomsPerUser    int           `live:"yes" placeholder:"N" help:"Most rooms that one user is in (${default}); 0: any number." example:"--max-rooms-per-user 5"`
	MaxRoomsPerAddress int           `live:"yes" placeholder:"N" help:"Most rooms at once that one address has opened (${default}); 0: any number." example:"--max-rooms-per-address 10"`
}

func (f roomFlags) config() room.Config {
	return room.Config{
		AwayAfter: f.AwayAfter, AnnounceMax: f.AnnounceMax, Recent: f.Recent, RecentBytes: int(f.RecentBytes),
		MaxRooms: f.MaxRooms, MaxRoomsPerUser: f.MaxRoomsPerUser, Sessions: f.Sessions, MaxRoomsPerAddress: f.MaxRoomsPerAddress,
		GuestsRead: f.Guests == "read",
	}
}

// limitFlags are loop.Limits.
type limitFlags struct {
	MaxClients        int           `live:"yes" placeholder:"N" help:"Most clients at once; 0: what the limit of descriptors allows." example:"--max-clients 5000"`
	MaxPerAddress     int           `live:"yes" placeholder:"N" help:"Most clients of one IPv4 address or IPv6 /64 (${default}); 0: any number." example:"--max-per-address 10"`
	ConnectRate       float64       `live:"yes" placeholder:"N" help:"New clients of one address a second, in the long run (${default}); 0: any number." example:"--connect-rate 0.5"`
	ConnectBurst      int           `live:"yes" placeholder:"N" help:"New clients of one address at once (${default})." example:"--connect-burst 20"`
	PendingPerAddress int           `live:"yes" placeholder:"N" help:"Connections of one address that are just being made, or without WebSocket on an http door (${default}); 0: any number." example:"--pending-per-address 20"`
	RequestsPerSecond float64       `live:"yes" placeholder:"N" help:"Requests of HTTP of one address a second, in the long run (${default}); 0: any number." example:"--requests-per-second 5"`
	RequestsBurst     int           `live:"yes" placeholder:"N" help:"Requests of HTTP of one address at once (${default})." example:"--requests-burst 50"`
	Recvq             unit.Size     `live:"yes" placeholder:"SIZE" help:"Input of one client that may wait; who sends more is disconnected (${default})." example:"--recvq 256k"`
	LinesPerSecond    float64       `live:"yes" placeholder:"N" help:"Lines of one client a second, in the long run; more of them wait (${default}); 0: any number." example:"--lines-per-second 2"`
	LinesBurst        int           `live:"yes" placeholder:"N" help:"Lines of one client at once (${default})." example:"--lines-burst 20"`
	Sendq             unit.Size     `live:"yes" placeholder:"SIZE" help:"Output that may wait for one client; with more, it is slow (${default})." example:"--sendq 256k"`
	SendqGrace        time.Duration `live:"yes" placeholder:"DURATION" help:"A slow client that takes nothing for so long is disconnected (${default})." example:"--sendq-grace 30s"`
	MergeWait         time.Duration `live:"yes" placeholder:"DURATION" help:"The longest that the next round of writes to a large room waits for more messages: CPU against latency (${default}; 0: none waits)." example:"--merge-wait 0"`

	MaxMemory memory `live:"yes" placeholder:"SIZE|half" default:"half" help:"Memory that the server and its connections take at most; half: of the machine's, or of its control group's (${default}); 0: any amount." example:"--max-memory 512MiB"`

	FilesPerAddress     int       `live:"yes" placeholder:"N" help:"Files that one address may send at once; they come back within a day (${default}); 0: any number." example:"--files-per-address 100"`
	FileBytesPerAddress unit.Size `live:"yes" placeholder:"SIZE" help:"Bytes of files that one address may send at once; they come back within a day (${default}); 0: any number." example:"--file-bytes-per-address 100MiB"`
	FilesPerAccount     int       `live:"yes" placeholder:"N" help:"Files of one registered name, in the same way (${default}); 0: any number." example:"--files-per-account 100"`
	FileBytesPerAccount unit.Size `live:"yes" placeholder:"SIZE" help:"Bytes of files of one registered name, in the same way (${default}); 0: any number." example:"--file-bytes-per-account 100MiB"`
	FilesMax            int       `live:"yes" placeholder:"N" help:"Files that are kept in all (${default}); 0: any number." example:"--files-max 10000"`
	FilesBytes          unit.Size `live:"yes" placeholder:"SIZE" help:"Bytes of files that are kept in all (${default}); 0: any number." example:"--files-bytes 100GiB"`

	SignInTimeout time.Duration `live:"yes" placeholder:"DURATION" help:"How long one may stay a guest; 0: for ever." example:"--sign-in-timeout 1m"`
	PingEvery     time.Duration `live:"yes" placeholder:"DURATION" help:"After so much silence, look whether a client is still there (${default}); 0: never." example:"--ping-every 5m"`
	PingTimeout   time.Duration `live:"yes" placeholder:"DURATION" help:"How long a client may then give no sign of life (${default})." example:"--ping-timeout 30s"`
}

func (f limitFlags) limits() loop.Limits {
	return loop.Limits{
		MaxClients: f.MaxClients, MaxPerAddress: f.MaxPerAddress,
		ConnectRate: f.ConnectRate, ConnectBurst: f.ConnectBurst, PendingPerAddress: f.PendingPerAddress,
		RequestsPerSecond: f.RequestsPerSecond, RequestsBurst: f.RequestsBurst,
		RecvQ: int(f.Recvq), LinesPerSecond: f.LinesPerSecond, LinesBurst: f.LinesBurst,
		MaxMemory:       f.MaxMemory.bytes(),
		FilesPerAddress: f.FilesPerAddress, FileBytesPerAddress: int64(f.FileBytesPerAddress),
		FilesPerAccount: f.FilesPerAccount, FileBytesPerAccount: int64(f.FileBytesPerAccount),
		FilesMax: f.FilesMax, FilesBytes: int64(f.FilesBytes),
		SendQ: int(f.Sendq), SendQGrace: f.SendqGrace, MergeWait: f.MergeWait, SignInTimeout: f.SignInTimeout,
		PingEvery: f.PingEvery, PingTimeout: f.PingTimeout,
	}
}
