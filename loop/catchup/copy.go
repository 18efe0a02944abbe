package catchup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/journal"
	"looproom/loop/store"
)

// kindCopy is what a node that keeps nothing yet asks for: the whole database.
const kindCopy = "database"

var errNotYet = errors.New("this node has no state yet")

// tellCopy answers with a copy of the database as it is now.
func (k *Keeper) tellCopy(ctx context.Context, _ []byte, w io.Writer) error {
	switch {
	case k.cfg.Store == nil:
		return errNoMessages
	case !k.cfg.Ready():
		return errNotYet
	}
	if err := k.cfg.Store.Landed(); err != nil {
		return err
	}
	return k.cfg.Store.SendBackup(ctx, w)
}

// Copy has the folder of a node that keeps nothing yet have a copy of the database of another one, which is faster than to be told one message after the other. Where no node has the state it does nothing. The error says
// that it couldn't be done: the node may begin all the same, and catches up.
func Copy(ctx context.Context, j journal.Asker, dir string, log zerolog.Logger) error {
	began := time.Now()
	body, err := j.Ask(ctx, "", kindCopy, nil)
	if errors.Is(err, journal.ErrNobody) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("take a copy of what others keep: %w", err)
	}
	defer body.Close()
	counted := &counting{Reader: body}
	switch err := store.Place(dir, counted); {
	case err != nil && counted.bytes == 0: // refused, as all are about to begin
		return nil
	case err != nil:
		return err
	}
	log.Info().Int64("bytes", counted.bytes).Stringer("took", time.Since(began).Round(time.Millisecond)).Msg("has a copy of what another node keeps")
	return nil
}

// counting counts what is read.
type counting struct {
	io.Reader
	bytes int64
}

func (c *counting) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.bytes += int64(n)
	return n, err
}
