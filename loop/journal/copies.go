package journal

import (
	"context"
	"time"
)

const (
	// fewCopies is how many nodes of a cluster have the log, so that one of them may fail; manyCopies how many of manyNodes or more have it, of which two may.
	fewCopies, manyCopies = 3, 5
	manyNodes             = 5

	// copiesEvery is how often the leader looks whether the log has as many copies as the nodes can bear, and copiesAfter how often in a row it has not when that is changed: nodes come one by one.
	copiesEvery = 2 * time.Second
	copiesAfter = 3
)

// copiesOf is how many of so many nodes of a cluster keep the log.
func copiesOf(nodes int) int {
	if nodes >= manyNodes {
		return manyCopies
	}
	return fewCopies
}

// keepCopies has the log have as many copies as its nodes can bear, while this node leads it: nodes come, and are taken out. It ends with the context.
func (j *Journal) keepCopies(ctx context.Context) {
	ticker := time.NewTicker(copiesEvery)
	defer ticker.Stop()
	for wrong := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		want, all := j.copiesWanted()
		if wrong++; !all || want == j.survey.replicas() {
			wrong = 0
		}
		if wrong < copiesAfter {
			continue
		}
		wrong = 0
		if err := j.setCopies(ctx, want); err != nil {
			j.cfg.Log.Warn().Err(err).Int("copies", want).Msg("the log has as many copies as before")
			continue
		}
		j.cfg.Log.Info().Int("copies", want).Msg("the log has another number of copies")
	}
}

// copiesWanted is how many copies there should be by the nodes that count. all is false where this node doesn't lead, or not all of them are there: then nothing is changed.
func (j *Journal) copiesWanted() (want int, all bool) {
	if !j.leads() {
		return 0, false
	}
	voters := j.Voters()
	for _, v := range voters {
		if !v.Here {
			return 0, false
		}
	}
	return copiesOf(len(voters)), len(voters) >= fewCopies
}

func (j *Journal) setCopies(ctx context.Context, want int) error {
	ctx, cancel := context.WithTimeout(ctx, apiWait)
	defer cancel()
	stream, err := j.js.Stream(ctx, j.names.stream())
	if err != nil {
		return err
	}
	is := stream.CachedInfo().Config
	is.Replicas = want
	_, err = j.js.UpdateStream(ctx, is)
	return err
}
