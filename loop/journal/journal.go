package journal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Journal is a node's part in the log.
type Journal struct {
	cfg      Config
	names    names
	embedded *embeddedServer // nil with NATS servers that are there already
	nc       *nats.Conn
	js       jetstream.JetStream
	epoch    string
	ctx      context.Context // over when the Journal is closed
	cancel   context.CancelFunc
	running  sync.WaitGroup
	begun    atomic.Bool // what is below is there, down to offers
	out      *publisher
	survey   *surveyor
	offers   *offers
	failed   chan error
	behind   int // times in a row in which the stream ended before what has been read; surveyor's goroutine

	mu     sync.Mutex
	reader *reader // nil while nobody reads
	closed bool

	drop func(seq uint64) bool // for tests: republished messages that get lost; set before Read
}

// Open starts the server of the node, or connects to those that are there, and returns when the log is there for it: in a cluster that starts, when all its nodes have started. It waits as long
// as the context lets it. The errors say what to do.
func Open(ctx context.Context, cfg Config) (*Journal, error) {
	if err := cfg.fill(); err != nil {
		return nil, err
	}
	j := &Journal{cfg: cfg, names: names{cfg.Cluster, cfg.Node}, failed: make(chan error, 1)}
	j.ctx, j.cancel = context.WithCancel(context.Background())
	if err := j.open(ctx); err != nil {
		j.shut()
		return nil, err
	}
	return j, nil
}

// open starts the server, if it is this node's, and the rest.
func (j *Journal) open(ctx context.Context) (err error) {
	if j.cfg.embedded() {
		if j.embedded, err = embed(ctx, j.cfg); err != nil {
			return err
		}
		if j.cfg.Began != nil {
			j.cfg.Began(j)
		}
	}
	return j.begin(ctx)
}

// begin makes the connection and the log, and starts what goes on beside the callers.
func (j *Journal) begin(ctx context.Context) (err error) {
	if j.nc, err = j.connect(ctx); err != nil {
		return err
	}
	if j.js, err = jetstream.New(j.nc); err != nil {
		return err
	}
	if j.epoch, err = makeStream(ctx, j.js, j.cfg); err != nil {
		return j.explain(err)
	}
	if j.out, err = newPublisher(j.nc, j.names, j.cfg.Log, j.stored); err != nil {
		return err
	}
	j.survey = newSurveyor(j.nc, j.js, j.names, j.elected)
	if _, err := j.survey.askLeader(ctx); err != nil {
		return j.explain(err)
	}
	j.offers = newOffers(j.ctx, j.nc, j.names)
	j.begun.Store(true)
	j.running.Go(func() { j.out.run(j.ctx) })
	j.running.Go(func() { j.survey.run(j.ctx, j.nextToRead, j.judge) })
	if j.decides() {
		j.running.Go(func() { j.keepCopies(j.ctx) })
	}
	return nil
}

// connect makes the connection by which all goes. What can't be sent at once fails: it would be stored later, when nobody reckons with it.
func (j *Journal) connect(ctx context.Context) (*nats.Conn, error) {
	options := []nats.Option{
		nats.Name("looproom " + j.cfg.Node),
		nats.ReconnectBufSize(-1),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			j.cfg.Log.Debug().Err(err).Msg("the log's connection")
		}),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if j.ctx.Err() == nil {
				j.cfg.Log.Warn().Err(err).Msg("the connection to NATS is gone, it is tried again")
			}
		}),
		nats.ReconnectHandler(func(nc *nats.Conn) {
			j.cfg.Log.Info().Str("server", nc.ConnectedServerName()).Msg("the connection to NATS is there again")
			j.lookForMore()
		}),
	}
	if j.embedded != nil {
		return j.embedded.connect(j.embedded.user, options...)
	}
	if j.cfg.Creds != "" {
		options = append(options, nats.UserCredentials(j.cfg.Creds))
	}
	if j.cfg.TLS != nil {
		options = append(options, nats.Secure(j.cfg.TLS))
	}
	return dial(ctx, j.cfg.URL, options)
}

// dial tries until the context is over, if the servers don't say that it is in vain.
func dial(ctx context.Context, url string, options []nats.Option) (*nats.Conn, error) {
	for {
		nc, err := nats.Connect(url, options...)
		if err == nil {
			return nc, nil
		}
		err = fmt.Errorf("connect to NATS at %s: %w", url, err)
		if errors.Is(err, nats.ErrAuthorization) || errors.Is(err, nats.ErrAuthExpired) {
			return nil, fmt.Errorf("%w (is the file of credentials the right one?)", err)
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(apiPause):
		}
	}
}

// explain says why there is no log, as far as the node can know.
func (j *Journal) explain(err error) error {
	switch {
	case errors.Is(err, errFormat), errors.Is(err, errOldNATS):
		return err
	case j.embedded == nil:
		return fmt.Errorf("make the log: %w (is JetStream enabled there, and may these credentials use it?)", err)
	case j.cfg.alone():
		return fmt.Errorf("make the log: %w", err)
	}
	there := j.embedded.others()
	text := fmt.Sprintf("no log yet: %d of %d nodes are there, joining %s", len(there)+1, j.cfg.Expect, strings.Join(j.cfg.Join, ", "))
	last := j.embedded.log.lastOfRoutes()
	switch {
	case strings.Contains(last, "uthorization") || strings.Contains(last, "uthentication"):
		text += "; another node refused the secret: all need the same"
	case strings.Contains(last, "tls:") || strings.Contains(last, "x509:"):
		text += "; a certificate was refused: " + last
	case last != "":
		text += "; the last error: " + last
	case len(there) == 0:
		text += "; have the others been started, and have all certificates or none?"
	}
	return fmt.Errorf("%s: %w", text, err)
}

// Expect is how many nodes the cluster has when it starts for the first time, as Open was told or has counted.
func (j *Journal) Expect() int { return j.cfg.Expect }

// Epoch is the log's own number, made when it was: entries of logs of different epochs can't be compared.
func (j *Journal) Epoch() string { return j.epoch }

// Publish writes a batch into the log: again and again, the same bytes, until Done is called for its number. One is outstanding at a time; another one takes its place, which is for a node
// that takes a new incarnation. It never waits. body must not be changed until then; it panics if that has more than MaxBody bytes.
func (j *Journal) Publish(incarnation, number uint64, body []byte) {
	j.out.publish(incarnation, number, body)
}

// Done says that the batch with that number has been read and needn't be published again. It never waits.
func (j *Journal) Done(number uint64) { j.out.done(number) }

// First is the sequence of the first entry that the log has, and Last of the last, as the stream's leader says it. In an empty log First is Last+1.
func (j *Journal) First() (seq uint64, err error) {
	b, err := j.survey.askLeader(j.ctx)
	return b.first, err
}

// Last is the other end of First.
func (j *Journal) Last() (seq uint64, err error) {
	b, err := j.survey.askLeader(j.ctx)
	return b.last, err
}

// Read starts to deliver the entries from that sequence on, 0 for the next that will be written: in their order, each once, without a gap, as many at a time as there are. deliver is called by
// one goroutine and may block; the entries are its to keep. One may read at a time, until Close or until Failed says that the next entry can't be had.
// The errors are ErrTooOld, ErrAhead and those of the network.
func (j *Journal) Read(from uint64, deliver func([]Entry)) error {
	ctx, end := context.WithCancelCause(j.ctx)
	r := &reader{in: newInbox(), bounds: j.survey.bounds, deliver: deliver, look: make(chan struct{}, 1), end: end}
	if err := j.take(r); err != nil {
		end(nil)
		return err
	}
	if err := j.subscribe(r, from); err != nil {
		j.leave(r)
		return err
	}
	go func() {
		err := r.run(ctx)
		j.leave(r)
		if err != nil {
			j.fail(err)
		}
	}()
	return nil
}

// take makes it the one that reads.
func (j *Journal) take(r *reader) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.closed:
		return ErrClosed
	case j.reader != nil:
		return errReading
	}
	select {
	case <-j.failed: // of an earlier reader, nobody has asked for it
	default:
	}
	j.reader = r
	return nil
}

// subscribe comes before the stream is asked where it is, so that nothing is between the two.
func (j *Journal) subscribe(r *reader, from uint64) (err error) {
	r.next.Store(^uint64(0))
	if r.fetch, err = newFetcher(j.nc, j.names); err != nil {
		return err
	}
	r.sub, err = j.nc.Subscribe(j.names.republished(), func(m *nats.Msg) {
		e, err := entryOf(m)
		if err != nil {
			j.cfg.Log.Warn().Err(err).Msg("the log hands out what is no entry")
			return
		}
		if j.drop == nil || !j.drop(e.Seq) {
			r.in.put(e)
		}
	})
	if err != nil {
		return err
	}
	b, err := j.survey.askLeader(j.ctx)
	if err != nil {
		return fmt.Errorf("ask where the log is: %w", err)
	}
	if from == 0 {
		from = b.last + 1
	}
	r.next.Store(from)
	return b.check(from)
}

// leave ends a reader's part.
func (j *Journal) leave(r *reader) {
	if r.sub != nil {
		_ = r.sub.Unsubscribe() // of a connection that may be closed
	}
	if r.fetch != nil && r.fetch.sub != nil {
		_ = r.fetch.sub.Unsubscribe()
	}
	r.end(nil)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.reader = nil
}

// Failed gets the error that ended Read: ErrTooOld, ErrAhead or ErrEpoch. Nothing is delivered after it; once the state is there by other means, Read may be called again. After ErrEpoch the Journal has
// to be opened again.
func (j *Journal) Failed() <-chan error { return j.failed }

func (j *Journal) fail(err error) {
	select {
	case j.failed <- err:
	default:
	}
}

// stored tells the reader of an entry that the log has acknowledged.
func (j *Journal) stored(seq uint64) {
	if r := j.reading(); r != nil {
		r.storedAt(seq)
	}
}

// elected has what may have been lost between two leaders published again and read.
func (j *Journal) elected() {
	ring(j.out.elected)
	j.lookForMore()
}

// lookForMore has the reader ask the stream soon.
func (j *Journal) lookForMore() {
	if r := j.reading(); r != nil {
		ring(r.look)
	}
}

func (j *Journal) reading() *reader {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.reader
}

func (j *Journal) nextToRead() uint64 {
	if r := j.reading(); r != nil {
		return r.next.Load()
	}
	return 0
}

// judge ends the reading of a log that is not the one that it was, or of one that is gone, if it is so for a while. before is what was read next when the question left.
func (j *Journal) judge(before uint64, b bounds) {
	r := j.reading()
	if r == nil || before == 0 || before == ^uint64(0) {
		return
	}
	j.behind++
	if before <= b.last+1 {
		j.behind = 0
	}
	switch {
	case b.epoch != j.epoch && (b.epoch != "" || j.behind >= maxBehind):
		r.end(ErrEpoch)
	case b.epoch == "": // who leads may not know all streams yet
	case j.behind >= maxBehind:
		r.end(b.check(before))
	}
}

// Health is how the log is. It never waits.
func (j *Journal) Health() (h Health) {
	h.Connected = j.nc.IsConnected()
	j.out.fill(&h)
	j.survey.fill(&h)
	if r := j.reading(); r != nil {
		h.Next, h.Fetched, h.Dropped = r.next.Load(), r.fetched.Load(), r.in.drops()
	}
	return h
}

// Close hands over what this node leads and ends its part. What is outstanding is given up; a delivery that is going on is not waited for. The log stays.
func (j *Journal) Close() error {
	j.mu.Lock()
	was := j.closed
	j.closed = true
	j.mu.Unlock()
	if was {
		return nil
	}
	err := j.Hand()
	j.shut()
	return err
}

// shut ends whatever has been started.
func (j *Journal) shut() {
	j.cancel()
	if j.nc != nil {
		j.nc.Close()
	}
	j.running.Wait()
	if j.offers != nil {
		j.offers.wait()
	}
	if j.embedded != nil {
		j.embedded.stop()
	}
}
