//go:build linux

package contest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"looproom/bench"
)

// Default returns a workload of the kind, of a size that says something on a small machine in a second or two.
func Default(kind bench.Kind) (bench.Workload, error) {
	w := bench.Workload{Kind: kind, Clients: 1000, Rooms: 1, Size: 64, Warmup: 200 * time.Millisecond, Duration: 800 * time.Millisecond}
	switch kind {
	case bench.Echo:
		w.Depth, w.Clients = 1, 200
	case bench.Fanout:
		w.Senders, w.Window = 1, 64
	case bench.Chat:
		w.Senders, w.Rate = 100, 100
	case bench.Rooms:
		w.Rooms, w.Senders = 100, 1000
	case bench.Idle:
		w.Warmup = digested
	case bench.Storm:
	case bench.Slow:
		w.Senders, w.Rate, w.Slow = 100, 100, 10
	case bench.Knee:
		w.Senders, w.Rate, w.Bound = 100, 100, 100*time.Millisecond
	case bench.Bystander:
		w.Senders, w.Rate, w.Pings, w.Warmup, w.Duration = 100, 5, 500, 500*time.Millisecond, 2*time.Second
	default:
		return w, fmt.Errorf("workload %q: there are echo, fanout, chat, rooms, idle, storm, slow, knee and bystander", kind)
	}
	return w, nil
}

// digested is how long after so many have come in nothing more is said of it: servers tell it once a second.
const digested = 1300 * time.Millisecond

// ParseSpec reads a workload from "KIND" or "KIND:name=value,...", such as "fanout:clients=200,window=1024". What it doesn't say is as
// in Default.
func ParseSpec(spec string) (bench.Workload, error) {
	kind, settings, _ := strings.Cut(spec, ":")
	w, err := Default(bench.Kind(kind))
	if err != nil {
		return w, err
	}
	set := func(names map[string]bool, setting string) error {
		name, value, ok := strings.Cut(setting, "=")
		if !ok {
			return fmt.Errorf("%q is not name=value", setting)
		}
		names[name] = true
		return Set(&w, name, value)
	}
	names := map[string]bool{}
	if settings != "" {
		for setting := range strings.SplitSeq(settings, ",") {
			if err := set(names, setting); err != nil {
				return w, fmt.Errorf("workload %q: %w", spec, err)
			}
		}
	}
	Fit(&w, names)
	return w, nil
}

// Fit makes what was not named agree with what was: there are no more senders than clients.
func Fit(w *bench.Workload, named map[string]bool) {
	if !named["senders"] {
		if w.Kind == bench.Rooms {
			w.Senders = w.Clients
		}
		w.Senders = min(w.Senders, w.Clients)
	}
	if !named["rooms"] && w.Rooms > 1 {
		w.Rooms = max(1, min(w.Rooms, w.Clients/2))
	}
	if !named["slow"] {
		w.Slow = min(w.Slow, max(0, w.Clients/2-1))
	}
}

// Set sets one field of a workload by the name that it has on the command line.
func Set(w *bench.Workload, name, value string) (err error) {
	switch name {
	case "clients":
		w.Clients, err = number(value)
	case "rooms":
		w.Rooms, err = number(value)
	case "forms":
		w.Forms, err = number(value)
	case "answers":
		w.Answers, err = strconv.ParseBool(value)
	case "pings":
		w.Pings, err = strconv.ParseFloat(value, 64)
	case "senders":
		w.Senders, err = number(value)
	case "slow":
		w.Slow, err = number(value)
	case "size":
		w.Size, err = number(value)
	case "depth":
		w.Depth, err = number(value)
	case "window":
		w.Window, err = number(value)
	case "rate":
		w.Rate, err = strconv.ParseFloat(value, 64)
	case "poisson":
		w.Poisson, err = strconv.ParseBool(value)
	case "bound":
		w.Bound, err = time.ParseDuration(value)
	case "warmup":
		w.Warmup, err = time.ParseDuration(value)
	case "duration":
		w.Duration, err = time.ParseDuration(value)
	default:
		return fmt.Errorf("there is no %q; there are clients, rooms, forms, senders, slow, size, depth, window, rate, poisson, answers, pings, bound, warmup, duration", name)
	}
	if err != nil {
		return fmt.Errorf("%s=%s: not a value for it", name, value)
	}
	return nil
}

func number(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err == nil && n < 0 {
		err = errors.New("below 0")
	}
	return n, err
}
