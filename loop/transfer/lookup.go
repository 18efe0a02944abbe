//go:build linux

package transfer

import (
	"looproom/loop/delivery"
	"looproom/loop/files"
)

// usualFiles is how many files List lists when it isn't told how many.
const usualFiles = 100

// lookup is an answer that the store of files is asked for, a delivery.Source: what is found, and behind it the file if there is one.
type lookup struct {
	service *Service
	client  Client
	known   bool // the store has answered
	closed  bool // nobody waits for it any more
	text    []byte
	file    *download

	frames bool
	away   *files.Entry // another server has the file, and it is not fetched yet
	first  bool         // nothing is in front of it any more
}

// List asks for the newest n files, at most files.MaxList, or usualFiles if n is less than 0. It returns the place of the answer among what the client is
// told: its Answer, when the store has looked. There must be a store.
func (s *Service) List(c Client, n int64) delivery.Source {
	if n < 0 {
		n = usualFiles
	}
	k := &lookup{service: s, client: c}
	s.Store.List(int(min(n, files.MaxList)), func(entries []files.Entry, total int, err error) {
		c.Post(func() { k.found(Answer{Files: entries, Total: total, Err: err}, nil) })
	})
	return k
}

// Get asks for the newest file of that name. It returns the place of the answer, and of the file behind it, among what the client is told. frames says that
// each piece of the file is to be a binary message of WebSocket. There must be a store.
func (s *Service) Get(c Client, name string, frames bool) delivery.Source {
	k := &lookup{service: s, client: c, frames: frames}
	s.Store.Find(name, func(entry files.Entry, found bool, err error) {
		a, file := Answer{Name: name, Err: err}, (*download)(nil)
		switch {
		case err != nil:
		case !found:
			a.Err = ErrNoFile
		case entry.Node != "" && s.Fetch != nil:
			c.Post(func() { k.elsewhere(entry) })
			return
		case entry.Node != "":
			a.File, a.Err = &entry, ErrAway
		default:
			a.File, file = &entry, &download{service: s, client: c, frames: frames, entry: entry}
		}
		c.Post(func() { k.found(a, file) })
	})
	return k
}

// elsewhere is when the store has said that another server has the file. It is fetched when the client's turn has come, so that one client has one file fetched at a time.
func (k *lookup) elsewhere(entry files.Entry) {
	if k.away = &entry; k.first {
		k.fetch()
	}
}

// fetch has the file fetched, if it is to be.
func (k *lookup) fetch() {
	if k.away == nil || k.closed {
		return
	}
	entry := *k.away
	k.away = nil
	k.client.Beside(func() {
		fetched, err := k.service.Fetch(entry)
		k.client.Post(func() { k.arrived(entry, fetched, err) })
	})
}

// arrived is when the file is here, or can't be had.
func (k *lookup) arrived(entry files.Entry, fetched *files.Fetched, err error) {
	switch {
	case err != nil:
		k.found(Answer{Name: entry.Name, File: &entry, Err: err}, nil)
	case k.closed:
		fetched.Release()
	default:
		k.found(Answer{Name: entry.Name, File: &entry}, &download{service: k.service, client: k.client, frames: k.frames, entry: entry, fetched: fetched})
	}
}

// found is when the store has answered.
func (k *lookup) found(a Answer, file *download) {
	if k.closed {
		return
	}
	if file != nil && !k.service.reserve(k.client) {
		if file.fetched != nil {
			file.fetched.Release()
		}
		a, file = Answer{Name: a.Name, Err: ErrNoMemory}, nil
	}
	k.text = k.client.Words(a)
	k.known, k.file = true, file
	k.client.Supply(k, len(k.text))
}

// Next implements delivery.Source.
func (k *lookup) Next() (b []byte, more bool) {
	switch {
	case !k.known:
		k.first = true
		k.fetch()
		return nil, true
	case k.text != nil:
		b, k.text = k.text, nil
		return b, k.file != nil
	case k.file != nil:
		return k.file.Next()
	}
	return nil, false
}

// Close implements delivery.Source.
func (k *lookup) Close() {
	k.closed = true
	if k.file != nil {
		k.file.Close()
	}
}
