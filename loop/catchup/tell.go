package catchup

import (
	"cmp"
	"context"
	"encoding/gob"
	"io"

	"looproom/loop/journal"
	"looproom/loop/room"
	"looproom/loop/store"
)

// tellSaid answers with what was said behind a message, and with sums of what stands where.
func (k *Keeper) tellSaid(ctx context.Context, ask []byte, w io.Writer) error {
	kept := k.cfg.Store
	if kept == nil {
		return tellNothing(w)
	}
	var after room.MsgID
	if err := journal.Unpack(ask, &after); err != nil {
		return err
	}
	if err := k.cfg.Settle(); err != nil { // what the state knows is on its way to the store
		return err
	}
	if err := kept.Landed(); err != nil {
		return err
	}
	upTo, err := kept.LastMessage()
	if err != nil {
		return err
	}
	out := gob.NewEncoder(w)
	if err := out.Encode(head{UpTo: upTo, Whole: !kept.SaidLost()}); err != nil {
		return err
	}
	speakers, err := k.speakers(kept)
	if err != nil {
		return err
	}
	if err := encodePages(out, speakers, idPage); err != nil {
		return err
	}
	for after < upTo && ctx.Err() == nil {
		page, err := kept.MessagesAfter(after, saidPage)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		after = page[len(page)-1].ID
		if err := out.Encode(page); err != nil {
			return err
		}
	}
	if err := out.Encode([]store.Message{}); err != nil {
		return err
	}
	sums, err := kept.Sums(upTo)
	if err != nil {
		return err
	}
	return cmp.Or(encodePages(out, sums, idPage), ctx.Err())
}

// tellNothing answers that no messages are kept here, so that others keep theirs.
func tellNothing(w io.Writer) error {
	out := gob.NewEncoder(w)
	return cmp.Or(out.Encode(head{}), out.Encode([]speaker{}), out.Encode([]store.Message{}), out.Encode([]store.Sum{}))
}

// speakers are the accounts of which messages are kept.
func (k *Keeper) speakers(kept *store.Store) ([]speaker, error) {
	keys, err := kept.Speakers()
	all := make([]speaker, len(keys))
	for i, key := range keys {
		all[i] = speaker{key, k.cfg.Since(key)}
	}
	return all, err
}

// tellIDs answers with the ids of what stands somewhere.
func (k *Keeper) tellIDs(_ context.Context, ask []byte, w io.Writer) error {
	var of stands
	if err := journal.Unpack(ask, &of); err != nil {
		return err
	}
	kept := k.cfg.Store
	if kept == nil {
		return errNoMessages
	}
	ids, err := idsOf(kept, of)
	if err != nil {
		return err
	}
	return encodePages(gob.NewEncoder(w), ids, idPage)
}

// idsOf are all ids of what stands somewhere.
func idsOf(kept *store.Store, of stands) (ids []room.MsgID, err error) {
	for {
		page, err := kept.IDs(of.Where, of.After, of.UpTo, idPage)
		if err != nil {
			return nil, err
		}
		if ids = append(ids, page...); len(page) < idPage {
			return ids, nil
		}
		of.After = page[len(page)-1]
	}
}

// tellPage answers with a page of what stands somewhere.
func (k *Keeper) tellPage(_ context.Context, ask []byte, w io.Writer) error {
	var of stands
	if err := journal.Unpack(ask, &of); err != nil {
		return err
	}
	kept := k.cfg.Store
	if kept == nil {
		return errNoMessages
	}
	page, err := kept.MessagesIn(of.Where, of.After, saidPage)
	if err != nil {
		return err
	}
	return gob.NewEncoder(w).Encode(page)
}
