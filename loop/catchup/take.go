package catchup

import (
	"context"
	"encoding/gob"
	"io"
	"slices"

	"looproom/loop/journal"
	"looproom/loop/room"
	"looproom/loop/store"
)

// taking is a node that catches up with another one.
type taking struct {
	*Keeper
	ctx    context.Context
	node   string
	said   int // messages, those among them that were here
	erased int // messages
}

func (t *taking) all() error {
	if err := t.cfg.Store.GoOn(); err != nil {
		return err
	}
	last, err := t.cfg.Store.LastMessage()
	if err != nil {
		return err
	}
	body, err := t.cfg.Journal.Ask(t.ctx, t.node, kindSaid, journal.Pack(last))
	if err != nil {
		return err
	}
	defer body.Close()
	in := gob.NewDecoder(body)
	var h head
	if err := in.Decode(&h); err != nil {
		return err
	}
	if err := t.endSpeakers(&h, in); err != nil {
		return err
	}
	err = decodePages(in, func(page []store.Message) error {
		t.said += len(page)
		return t.cfg.Store.SayAll(page)
	})
	if err != nil {
		return err
	}
	if err := t.cfg.Store.Landed(); err != nil {
		return err
	}
	theirs := map[store.Where]store.Sum{}
	err = decodePages(in, func(page []store.Sum) error {
		for _, sum := range page {
			theirs[sum.Where] = sum
		}
		return nil
	})
	if err == nil {
		_, err = io.Copy(io.Discard, body) // only now it was whole
	}
	if err != nil {
		return err
	}
	return t.compare(&h, theirs)
}

// endSpeakers ends the accounts that the other node has no more, or not for as long: what they have said is nobody's.
func (t *taking) endSpeakers(h *head, in *gob.Decoder) error {
	theirs := map[string]int64{}
	err := decodePages(in, func(page []speaker) error {
		for _, s := range page {
			theirs[s.Key] = s.Since
		}
		return nil
	})
	if err != nil {
		return err
	}
	ours, err := t.speakers(t.cfg.Store)
	if err != nil {
		return err
	}
	for _, s := range ours {
		if since, has := theirs[s.Key]; has && (since == s.Since || s.Since == 0) || !has && !h.Whole {
			continue
		}
		if err := t.cfg.Store.EndSpeaker(s.Key); err != nil {
			return err
		}
	}
	return nil
}

// compare has the same stand everywhere.
func (t *taking) compare(h *head, theirs map[store.Where]store.Sum) error {
	sums, err := t.cfg.Store.Sums(h.UpTo)
	if err != nil {
		return err
	}
	for _, our := range sums {
		their, has := theirs[our.Where]
		delete(theirs, our.Where)
		if has && our.Room != their.Room {
			err = t.cfg.Store.NamePlace(our.Place, their.Room)
		}
		switch {
		case err != nil:
		case !has && h.Whole:
			t.erased += int(our.Rows)
			err = t.cfg.Store.EraseWhere(our.Where)
		case has && (our.Rows != their.Rows || our.Last != their.Last):
			err = t.compareIn(h, our.Where)
		}
		if err != nil {
			return err
		}
	}
	for where, their := range theirs {
		if their.Rows == 0 {
			continue
		}
		if err := t.compareIn(h, where); err != nil {
			return err
		}
	}
	return t.cfg.Store.Landed()
}

// compareIn has the same stand somewhere.
func (t *taking) compareIn(h *head, where store.Where) error {
	var theirs []room.MsgID
	of := stands{Where: where, UpTo: h.UpTo}
	err := t.ask(kindIDs, of, func(in *gob.Decoder) error {
		return decodePages(in, func(page []room.MsgID) error {
			theirs = append(theirs, page...)
			return nil
		})
	})
	if err != nil {
		return err
	}
	ours, err := idsOf(t.cfg.Store, of)
	if err != nil {
		return err
	}
	missing, extra := differences(ours, theirs)
	if h.Whole && len(extra) > 0 {
		t.erased += len(extra)
		if err := t.cfg.Store.EraseMessages(where, extra); err != nil {
			return err
		}
	}
	for len(missing) > 0 {
		if missing, err = t.takeIn(where, missing); err != nil {
			return err
		}
	}
	return nil
}

// takeIn takes a page of what is missing somewhere, and returns what still is.
func (t *taking) takeIn(where store.Where, missing []room.MsgID) ([]room.MsgID, error) {
	var page []store.Message
	err := t.ask(kindPage, stands{Where: where, After: missing[0] - 1}, func(in *gob.Decoder) error { return in.Decode(&page) })
	if err != nil || len(page) == 0 {
		return nil, err
	}
	t.said += len(page)
	last := page[len(page)-1].ID
	behind, found := slices.BinarySearch(missing, last)
	if found {
		behind++
	}
	return missing[behind:], t.cfg.Store.SayAll(page)
}

// differences are which of theirs are missing, and which of ours are more. Both are in order.
func differences(ours, theirs []room.MsgID) (missing, extra []room.MsgID) {
	for len(ours) > 0 && len(theirs) > 0 {
		switch {
		case ours[0] == theirs[0]:
			ours, theirs = ours[1:], theirs[1:]
		case ours[0] < theirs[0]:
			extra, ours = append(extra, ours[0]), ours[1:]
		default:
			missing, theirs = append(missing, theirs[0]), theirs[1:]
		}
	}
	return append(missing, theirs...), append(extra, ours...)
}

// ask asks the other node, and has the answer read.
func (t *taking) ask(kind string, what any, read func(*gob.Decoder) error) error {
	body, err := t.cfg.Journal.Ask(t.ctx, t.node, kind, journal.Pack(what))
	if err != nil {
		return err
	}
	defer body.Close()
	if err := read(gob.NewDecoder(body)); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, body)
	return err
}
