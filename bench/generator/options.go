//go:build linux

package generator

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"looproom/bench"
)

// Options is how a workload is brought to a server.
type Options struct {
	// Address is host:port, or the path of a Unix socket when it begins with a slash.
	Address string
	Dialect bench.Dialect
	// Nodes are the addresses of other nodes, where several servers are one: clients come to Address and to each of these by turns, whichever way they read.
	Nodes []string
	// Ways are others in which clients of this server can read, for workloads with Forms.
	Ways []Way
	// Workers is the number of threads. 0: one, which counts some 20 million deliveries a second.
	Workers int
	// Burst is how many clients are on their way in at once, until their hello is over. 0: 256. Servers with a short backlog make those
	// beyond it wait for seconds.
	Burst int
	// Pin has every worker's thread run on these CPUs. nil: where the kernel likes.
	Pin []int
	// Watch measures the server and the generator. nil: nobody does.
	Watch Watch
	// Progress is told now and then how far the workload is, on a goroutine of the generator's. nil: nobody is.
	Progress func(Progress)
	// Patience is how long nothing may come before what is missing counts as lost. 0: two seconds, and one more for each 2,000 clients:
	// some servers think for so long about a message to very many.
	Patience time.Duration
}

// Way is a dialect, and where it is spoken.
type Way struct {
	Address string
	Dialect bench.Dialect
}

// ways are as many of them as the workload has forms, Dialect first.
func (o *Options) ways(w *bench.Workload) []Way {
	return append([]Way{{o.Address, o.Dialect}}, o.Ways[:max(w.Forms, 1)-1]...)
}

// Watch measures what processes use between Begin and End. Its methods are called one after the other.
type Watch interface {
	Begin() error
	End() (server, generator bench.Usage, err error)
}

// Progress is how far a workload is.
type Progress struct {
	Phase     string  // connecting, warming up, measuring, closing
	Clients   int     // connected and signed in
	Fraction  float64 // of the workload, from 0 to 1
	Delivered int64   // deliveries since the phase began
	Rate      float64 // deliveries a second just now
}

// connectPatience is how long a connection and its hello may take.
const connectPatience = 30 * time.Second

func (o *Options) withDefaults(clients int) {
	if o.Workers <= 0 {
		o.Workers = 1
	}
	if o.Burst <= 0 {
		o.Burst = 256
	}
	if o.Patience == 0 {
		o.Patience = 2*time.Second + time.Duration(clients/2000)*time.Second
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	if o.Watch == nil {
		o.Watch = nobody{}
	}
}

type nobody struct{}

func (nobody) Begin() error                       { return nil }
func (nobody) End() (s, g bench.Usage, err error) { return s, g, nil }

// target is where clients connect to.
type target struct {
	family  int
	address unix.Sockaddr
	loop4   bool // in 127.0.0.0/8, so that the clients' addresses there can differ and ports don't run out
}

func resolve(address string) (target, error) {
	if strings.HasPrefix(address, "/") {
		return target{family: unix.AF_UNIX, address: &unix.SockaddrUnix{Name: address}}, nil
	}
	tcp, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return target{}, fmt.Errorf("target %s: %w", address, err)
	}
	if tcp.IP == nil {
		tcp.IP = net.IPv4(127, 0, 0, 1)
	}
	if v4 := tcp.IP.To4(); v4 != nil {
		return target{unix.AF_INET, &unix.SockaddrInet4{Port: tcp.Port, Addr: [4]byte(v4)}, tcp.IP.IsLoopback()}, nil
	}
	return target{unix.AF_INET6, &unix.SockaddrInet6{Port: tcp.Port, Addr: [16]byte(tcp.IP.To16())}, false}, nil
}

// checkDialects refuses a workload that can't be spoken.
func checkDialects(w *bench.Workload, o *Options) error {
	if most := 1 + len(o.Ways); w.Forms > most {
		return fmt.Errorf("forms: members of this server read %s in at most %s", o.Dialect.Name(), inWays(most))
	}
	for _, way := range o.ways(w) {
		if err := checkDialect(w, way.Dialect); err != nil {
			return err
		}
	}
	return nil
}

// addresses are where clients that read in that way come to, by turns.
func (o *Options) addresses(w Way) []string { return append([]string{w.Address}, o.Nodes...) }

func inWays(n int) string {
	if n == 1 {
		return "one way"
	}
	return fmt.Sprintf("%d ways", n)
}

func checkDialect(w *bench.Workload, d bench.Dialect) error {
	if limited, ok := d.(interface{ MaxWords() int }); ok && w.Size > limited.MaxWords() {
		return fmt.Errorf("size: the dialect %s takes words of at most %d bytes", d.Name(), limited.MaxWords())
	}
	if _, roomless := d.(interface{ Roomless() }); roomless && (w.Rooms > 1 || w.Kind == bench.Bystander) {
		return fmt.Errorf("rooms: the dialect %s has none", d.Name())
	}
	if _, asks := d.(bench.Asker); !asks && (w.Answers || w.Kind == bench.Bystander) {
		return fmt.Errorf("%s: the dialect %s has no question that a server answers to one client alone", asked(w), d.Name())
	}
	if _, roves := d.(bench.Rover); !roves && byTurns(w) {
		return fmt.Errorf("rooms: in the dialect %s one client can't talk in several", d.Name())
	}
	return nil
}

func asked(w *bench.Workload) string {
	if w.Answers {
		return "answers"
	}
	return string(w.Kind)
}

// byTurns is true where one sender talks in several rooms.
func byTurns(w *bench.Workload) bool { return w.Kind == bench.Fanout && w.Rooms > 1 }

// check refuses a workload that can't be.
func check(w *bench.Workload) error {
	switch {
	case w.Clients < 1:
		return errors.New("clients: at least 1")
	case w.Clients < 2 && needsTwo(w.Kind):
		return fmt.Errorf("clients: %s needs a sender and a receiver", w.Kind)
	case w.Size < bench.MinSize:
		return fmt.Errorf("size: a message needs %d bytes for its mark", bench.MinSize)
	case w.Rooms < 1 || w.Rooms > w.Clients:
		return fmt.Errorf("rooms: from 1 to the number of clients, not %d", w.Rooms)
	case w.Senders > w.Clients:
		return fmt.Errorf("senders: %d of %d clients can't talk", w.Senders, w.Clients)
	case w.Slow > 0 && w.Slow >= w.Clients-1:
		return errors.New("slow: someone has to read")
	case openLoop(w.Kind) && w.Rate <= 0:
		return fmt.Errorf("rate: %s is an open loop and needs one", w.Kind)
	case w.Kind == bench.Bystander && w.Rooms > 1:
		return errors.New("rooms: the crowd of bystander is in one, the bystander in another")
	case w.Kind == bench.Bystander && w.Pings <= 0:
		return errors.New("pings: a bystander has to ask")
	case byTurns(w) && w.Clients < 1+w.Rooms:
		return fmt.Errorf("clients: %d rooms need a sender and a receiver each", w.Rooms)
	case w.Answers && !talks(w.Kind):
		return fmt.Errorf("answers: in %s nobody talks to others", w.Kind)
	case w.Forms > 1 && !talks(w.Kind):
		return fmt.Errorf("forms: in %s nobody talks to others", w.Kind)
	}
	return nil
}

func openLoop(k bench.Kind) bool {
	return k == bench.Chat || k == bench.Slow || k == bench.Knee || k == bench.Bystander
}

func needsTwo(k bench.Kind) bool {
	return k == bench.Fanout || k == bench.Chat || k == bench.Knee || k == bench.Bystander
}

// talks is true where clients talk to each other.
func talks(k bench.Kind) bool { return openLoop(k) || k == bench.Fanout || k == bench.Rooms }
