//go:build linux

package loop

import (
	"fmt"
	"time"

	"looproom/loop/accounts"
	"looproom/loop/door"
	"looproom/loop/files"
	"looproom/loop/rate"
	"looproom/loop/registry"
	"looproom/loop/room"
	"looproom/loop/transfer"
	"looproom/loop/web/hosts"
)

// Start starts the event loops of a server without doors.
func Start(cfg Config) (*Server, error) {
	if err := cfg.withDefaults(); err != nil {
		return nil, err
	}
	most, parting, err := clientDescriptors(cfg.Loops)
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg: cfg, log: cfg.Log, files: cfg.Files, began: time.Now(), mostClients: most, loud: rate.NewCap(refusedLines), looks: rate.NewCap(failedLooks),
		guestNames: accounts.NewGuestNames(cfg.ShowAddresses, cfg.CloakKey),
	}
	if s.public, err = newPublicURLs(cfg.Cluster); err != nil {
		return nil, err
	}
	names, err := hosts.New(append(s.public.hosts(), cfg.Hosts...)...)
	if err != nil {
		return nil, fmt.Errorf("host: %w", err)
	}
	s.transfers = transfer.New(transfer.Config{
		Store: s.files, Fetch: func(e files.Entry) (*files.Fetched, error) { return fetch(s, e) }, Budget: &s.budget, Now: s.clock, Limits: func() transfer.Limits { return s.limits.Load().transfer() },
	})
	s.useLimits(cfg.Limits)
	s.irc.Store(newIRCServers(&s.cfg, s.began, nil, cfg.MOTD))
	s.doors = door.New(door.Config{
		Loops: cfg.Loops, Parting: parting, Say: native.AppendRefusal, Head: native.Head, Hosts: names, Budget: &s.budget,
		PasswordMin: func() int { return s.accounts.PasswordMin() }, Nodes: s.public.list.View, Refused: &s.refused, Loud: s.loud, Log: s.log,
	}, doorHost{s}, s.limits.Load().door())
	if s.registry = cfg.Registry; s.registry == nil {
		if s.registry, err = registry.Open(nil); err != nil {
			return nil, err
		}
	}
	if cfg.Cluster != nil {
		s.cluster = newClustered(s)
	}
	if s.accounts, err = s.newAccounts(); err != nil {
		return nil, err
	}
	first := s.command(room.NoClient, room.Start)
	s.number(&first)
	for i := range cfg.Loops {
		l, err := startLoop(s, i)
		if err != nil {
			s.stop()
			return nil, fmt.Errorf("start event loop %d: %w", i, err)
		}
		s.loops = append(s.loops, l)
	}
	s.startStatus()
	if err := openHome(s, &first); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// openHome makes the room.
func openHome(s *Server, first *room.Command) error {
	home, rules := s.homeLoop(), s.roomConfig()
	err := home.reactor.Call(func() {
		home.exchange.events = make([][]room.Event, len(s.loops))
		home.home = newHome(s, rules, home.meter, site{
			index: home.index, publish: home.publish, saw: home.input.Saw, addressOf: home.addressOf,
			later: home.reactor.AfterInput, goOn: home.reactor.GoOn,
		})
	})
	if err == nil && s.cfg.Cluster == nil {
		err = recall(s, first)
	} else if err == nil {
		err = joinCluster(s, first)
	}
	if err != nil {
		return err
	}
	return home.reactor.Call(func() { home.setAlarm(time.Second, room.NoClient, roomTick) })
}

// joinCluster has the server be one of several.
func joinCluster(s *Server, first *room.Command) error {
	if err := s.public.offer(); err != nil {
		return err
	}
	err := s.cluster.join(first)
	if err == nil {
		s.public.follow()
	}
	return err
}

// recall has the room be as it was when the server ended.
func recall(s *Server, first *room.Command) error {
	home, rules := s.homeLoop(), s.roomConfig()
	kept, err := s.accounts.Recollect(rules.Recent, rules.RecentBytes)
	if err != nil {
		return err
	}
	return home.reactor.Call(func() {
		home.home.order.Submit(first)
		home.answers.Recall(&kept)
	})
}
