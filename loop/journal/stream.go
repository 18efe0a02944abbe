package journal

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// apiWait is how long one question to JetStream waits for its answer: without a leader there is none.
	apiWait  = time.Second
	apiPause = 50 * time.Millisecond

	// format is the version of what stands in the log's headers.
	format       = "1"
	formatOfMeta = "looproom-format"
	epochOfMeta  = "looproom-epoch"

	notClustered = jetstream.ErrorCode(10074)
	noPeersForIt = jetstream.ErrorCode(10005)
)

// streamConfig is the stream as Open makes it.
func streamConfig(cfg Config, n names, replicas int, epoch string) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:        n.stream(),
		Subjects:    []string{n.batches()},
		Storage:     jetstream.FileStorage,
		Retention:   jetstream.LimitsPolicy,
		Discard:     jetstream.DiscardOld,
		Replicas:    replicas,
		MaxBytes:    cfg.MaxBytes,
		MaxAge:      cfg.MaxAge,
		AllowDirect: true,
		DenyDelete:  true,
		DenyPurge:   true,
		RePublish:   &jetstream.RePublish{Source: ">", Destination: "rp.>"},
		Metadata:    map[string]string{formatOfMeta: format, epochOfMeta: epoch},
	}
}

// makeStream returns once the stream is there as the config wants it, and its epoch. It tries until ctx is over: a cluster that starts has no leader for a second or two.
func makeStream(ctx context.Context, js jetstream.JetStream, cfg Config) (epoch string, err error) {
	for {
		epoch, err = tryStream(ctx, js, cfg)
		if err == nil || errors.Is(err, errFormat) || errors.Is(err, errOldNATS) {
			return epoch, err
		}
		select {
		case <-ctx.Done():
			return "", err
		case <-time.After(apiPause):
		}
	}
}

var errOldNATS = errors.New("the NATS servers don't keep what a stream is made for: 2.10 and later do")

var errFormat = errors.New("the log is of another version of looproom: start all nodes with the same")

func tryStream(ctx context.Context, js jetstream.JetStream, cfg Config) (string, error) {
	n := names{cfg.Cluster, cfg.Node}
	ctx, cancel := context.WithTimeout(ctx, apiWait)
	defer cancel()
	stream, err := js.Stream(ctx, n.stream())
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = create(ctx, js, cfg, n)
	}
	if err != nil {
		return "", err
	}
	found := stream.CachedInfo().Config
	if len(found.Metadata) == 0 {
		return "", errOldNATS
	}
	if found.Metadata[formatOfMeta] != format {
		return "", fmt.Errorf("%w (found %q, want %q)", errFormat, found.Metadata[formatOfMeta], format)
	}
	if err := adjust(ctx, js, cfg, found); err != nil {
		// Nodes that have not been started with the new bounds yet may have no room for them: the last one brings them.
		cfg.Log.Warn().Err(err).Msg("the log keeps the bounds that it has")
	}
	return found.Metadata[epochOfMeta], nil
}

// create makes the stream with as many copies as there can be. Servers that are there already may be one alone.
func create(ctx context.Context, js jetstream.JetStream, cfg Config, n names) (jetstream.Stream, error) {
	epoch := rand.Text()
	stream, err := js.CreateStream(ctx, streamConfig(cfg, n, cfg.copies(), epoch))
	if !cfg.embedded() && isCode(err, notClustered) {
		stream, err = js.CreateStream(ctx, streamConfig(cfg, n, 1, epoch))
	}
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
		return js.Stream(ctx, n.stream())
	}
	return stream, err
}

// adjust brings a stream that is there to the bounds and the copies of the config.
func adjust(ctx context.Context, js jetstream.JetStream, cfg Config, found jetstream.StreamConfig) error {
	copies := max(cfg.copies(), found.Replicas)
	if found.Replicas == copies && found.MaxBytes == cfg.MaxBytes && found.MaxAge == cfg.MaxAge {
		return nil
	}
	found.Replicas, found.MaxBytes, found.MaxAge = copies, cfg.MaxBytes, cfg.MaxAge
	_, err := js.UpdateStream(ctx, found)
	if !cfg.embedded() && (isCode(err, notClustered) || isCode(err, noPeersForIt)) {
		found.Replicas = 1
		_, err = js.UpdateStream(ctx, found)
	}
	return err
}

// copies is how many nodes keep the log at least. When more are there keepCopies has more of them do so.
func (c *Config) copies() int {
	if c.embedded() && c.alone() {
		return 1
	}
	return fewCopies
}

func isCode(err error, code jetstream.ErrorCode) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && api.ErrorCode == code
}

// leaderElected is the advisory by which a stream tells of its new leader.
func (n names) leaderElected() string {
	return "$JS.EVENT.ADVISORY.STREAM.LEADER_ELECTED." + n.stream()
}

// request asks JetStream with its own subjects and waits for one answer.
func request(ctx context.Context, nc *nats.Conn, subject string, body []byte) (*nats.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, apiWait)
	defer cancel()
	return nc.RequestWithContext(ctx, subject, body)
}
