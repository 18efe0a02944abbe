package files

// step says what a job does to its upload.
type step uint8

const (
	more    step = iota // the piece goes to the upload's part
	last                // the piece is the last one: the file is complete
	abandon             // the upload goes
	noted               // of files that are elsewhere; there is no upload
)

// job is what an upload asks of the writer. The piece is the writer's until it releases it.
type job struct {
	upload *Upload
	piece  []byte
	step   step
	note   *note
}

// writer does all disk writes of a store, on one goroutine.
type writer struct {
	store    *Store
	archive  *archive
	incoming string      // the folder of the parts
	group    []*Upload   // appended to the archive, waiting for the commit
	lines    []byte      // their index lines
	added    []indexLine // what is in these
	notes    []*note     // whose lines are among them
	recent   recent      // notes
}

// doJobs is the writer's goroutine. All that came while the disk was busy is done as one group with one commit: however
// many small files are waiting, they cost two fsyncs.
func (s *Store) doJobs(w *writer) {
	defer close(s.written)
	var jobs []job
	for ok := true; ok; {
		jobs, ok = s.jobs.take(jobs)
		for _, j := range jobs {
			w.do(j)
		}
		w.commit()
	}
	// What can't be removed now is removed by the next Open.
	_, _ = removeParts(w.incoming)
}

func (w *writer) do(j job) {
	switch j.step {
	case more:
		w.add(j.upload, j.piece)
	case last:
		w.complete(j.upload, j.piece)
	case abandon:
		j.upload.part.remove()
		j.upload.done <- nil
	case noted:
		w.takeNote(j.note)
	}
	w.store.releaseBuffer(j.piece)
}

// add writes a piece to the upload's part. After an error the upload's later pieces are dropped.
func (w *writer) add(u *Upload, piece []byte) {
	if u.failure != nil {
		return
	}
	if u.failure = w.store.reserve.roomFor(int64(len(piece))); u.failure == nil {
		u.failure = u.part.add(partPath(w.incoming, u.number), piece)
	}
	if u.failure != nil {
		u.part.remove()
		u.broke <- u.failure
	}
}

// complete appends the whole upload to the archive. Its answer comes with the commit, or here when it failed.
func (w *writer) complete(u *Upload, piece []byte) {
	err := u.failure
	if err == nil {
		err = w.append(u, piece)
	}
	u.part.remove()
	if err != nil {
		u.done <- err
	}
}

func (w *writer) append(u *Upload, piece []byte) error {
	u.entry.Offset = w.archive.tail
	line, err := u.entry.line()
	if err != nil {
		return err
	}
	files := w.store.catalogue.count.Load() + int64(len(w.group))
	if err := w.store.most.roomFor(u.entry.Size, files, w.archive.tail); err != nil {
		return err
	}
	if err := w.store.reserve.roomFor(u.entry.Size + int64(len(line))); err != nil {
		return err
	}
	if err := w.archive.append(&u.part, piece); err != nil {
		return err
	}
	w.group = append(w.group, u)
	w.lines = append(w.lines, line...)
	w.added = append(w.added, indexLine{name: u.entry.Name, end: u.entry.end(), length: len(line)})
	return nil
}

// commit makes the group durable and answers its uploads.
func (w *writer) commit() {
	if len(w.group)+len(w.notes) == 0 {
		return
	}
	var err error
	if len(w.lines) > 0 {
		err = w.archive.commit(w.lines, w.added)
	}
	for _, u := range w.group {
		u.done <- err
	}
	for _, n := range w.notes {
		n.done <- err
	}
	clear(w.group)
	clear(w.notes)
	w.notes = w.notes[:0]
	clear(w.added)
	w.group, w.lines, w.added = w.group[:0], w.lines[:0], w.added[:0]
}
