package catchup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/journal"
	"looproom/loop/room"
	"looproom/loop/store"
)

// Config is what a Keeper works with.
type Config struct {
	// Store keeps the messages. nil: none are kept.
	Store   *store.Store
	Journal journal.Answerer
	// Settle returns when all that the state knows has been given to the store.
	Settle func() error
	// Since is when the name of an account was registered, in seconds of wall clock, 0 if it isn't.
	Since func(account string) int64
	// Ready says whether this node has the state, so that others may begin with what it keeps.
	Ready func() bool
	Log   zerolog.Logger
}

// Keeper has a node keep the messages that others keep, and tells others what it keeps.
type Keeper struct {
	cfg Config
}

// The kinds of what nodes ask each other: what was said since a message and what stands where; the ids of what stands somewhere; and a page of that.
const (
	kindSaid = "said"
	kindIDs  = "ids"
	kindPage = "saidin"
)

const (
	saidPage = 2_000  // messages
	idPage   = 10_000 // ids, sums or accounts
)

var errNoMessages = errors.New("this node keeps no messages")

// head is in front of what was said.
type head struct {
	UpTo  room.MsgID // what was said up to there is told
	Whole bool       // nothing was lost here, so that what isn't told has been erased
}

// speaker is an account of which messages are kept.
type speaker struct {
	Key   string
	Since int64 // when its name was registered
}

// stands asks for what stands somewhere.
type stands struct {
	Where       store.Where
	After, UpTo room.MsgID
}

// New returns a Keeper, which answers other nodes from now on.
func New(c Config) (*Keeper, error) {
	if c.Store != nil && !c.Store.KeepsMessages() {
		c.Store = nil
	}
	k := &Keeper{cfg: c}
	return k, errors.Join(c.Journal.Offer(kindSaid, k.tellSaid), c.Journal.Offer(kindIDs, k.tellIDs), c.Journal.Offer(kindPage, k.tellPage), c.Journal.Offer(kindCopy, k.tellCopy))
}

// From has the messages be here as another node keeps them up to a moment after it was called. With an error some are missing, or some that were erased are here: it may be called again.
func (k *Keeper) From(ctx context.Context, node string) error {
	if k.cfg.Store == nil {
		return nil
	}
	t := &taking{Keeper: k, ctx: ctx, node: node}
	began := time.Now()
	if err := t.all(); err != nil {
		return fmt.Errorf("catch up with what was said: %w", err)
	}
	if t.said+t.erased > 0 {
		k.cfg.Log.Info().Str("from", node).Int("messages", t.said).Int("erased", t.erased).Stringer("took", time.Since(began).Round(time.Millisecond)).Msg("keeps what was said meanwhile")
	}
	return nil
}
