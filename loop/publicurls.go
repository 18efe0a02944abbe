//go:build linux

package loop

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"looproom/loop/cluster"
	"looproom/loop/web/nodes"
)

const (
	// kindPublic is the kind of the question where browsers reach a node.
	kindPublic = "public"
	// askPublicEvery is how often it is asked, and askPublicFor how long answers are waited for.
	askPublicEvery = 2 * time.Second
	askPublicFor   = time.Second
)

// publicURLs has this node know where browsers reach the others, and tell them where they reach it.
type publicURLs struct {
	list    *nodes.List // nil: nothing is told and asked
	journal cluster.Journal
	end     context.CancelFunc
	ended   chan struct{}
}

// newPublicURLs returns one that tells nothing where cfg is nil, or has no URL.
func newPublicURLs(cfg *Cluster) (p publicURLs, err error) {
	if cfg == nil || cfg.PublicURL == "" {
		return p, nil
	}
	url, err := nodes.Check(cfg.PublicURL)
	if err != nil {
		return p, fmt.Errorf("public URL: %w", err)
	}
	return publicURLs{list: nodes.New(cfg.Node, url), journal: cfg.Journal}, nil
}

// hosts are the names by which browsers ask for this node.
func (p *publicURLs) hosts() []string {
	if p.list == nil {
		return nil
	}
	host := nodes.HostOf(p.list.URL())
	if strings.Contains(host, ":") {
		return nil // an address, for which everyone may ask
	}
	return []string{host}
}

// offer has this node answer the others from now on.
func (p *publicURLs) offer() error {
	if p.list == nil {
		return nil
	}
	return p.journal.Offer(kindPublic, func(_ context.Context, _ []byte, w io.Writer) error {
		_, err := w.Write(p.list.Tell())
		return err
	})
}

// follow has this node be listed, and asks the others from time to time until stop. When it returns they have been asked once.
func (p *publicURLs) follow() {
	if p.list == nil {
		return
	}
	p.list.Enter()
	ctx, end := context.WithCancel(context.Background())
	p.end, p.ended = end, make(chan struct{})
	p.ask(ctx)
	go func() {
		defer close(p.ended)
		every := time.NewTicker(askPublicEvery)
		defer every.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-every.C:
				p.ask(ctx)
			}
		}
	}()
}

func (p *publicURLs) ask(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, askPublicFor)
	defer cancel()
	answers := map[string][]byte{}
	// Who doesn't answer isn't listed, and whether the log answers is told elsewhere.
	_ = p.journal.Everyone(ctx, kindPublic, nil, func(node string, body []byte) { answers[node] = body })
	p.list.Hear(answers)
}

// stop has nothing asked any more.
func (p *publicURLs) stop() {
	if p.end != nil {
		p.end()
		<-p.ended
	}
}
