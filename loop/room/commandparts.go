package room

import "strings"

// AppendKeptRoom appends k to dst. It changes nothing of k, and is safe for any goroutine.
func AppendKeptRoom(dst []byte, k *KeptRoom) []byte { return appendPart(dst, k, codeKeptRoom) }

// ReadKeptRoom reads what AppendKeptRoom has appended, and returns what stands behind it, which borrows b. The error says why b begins with none. It is safe for any goroutine.
func ReadKeptRoom(b []byte) (k *KeptRoom, rest []byte, err error) { return readPart(b, codeKeptRoom) }

// AppendKeptPerson appends k to dst, as AppendKeptRoom does.
func AppendKeptPerson(dst []byte, k *KeptPerson) []byte { return appendPart(dst, k, codeKeptPerson) }

// ReadKeptPerson reads what AppendKeptPerson has appended, as ReadKeptRoom does.
func ReadKeptPerson(b []byte) (k *KeptPerson, rest []byte, err error) {
	return readPart(b, codeKeptPerson)
}

// appendPart appends what fields describes.
func appendPart[T any](dst []byte, x *T, fields func(*coder, *T)) []byte {
	c := &coder{out: dst}
	same := *x // which others may have as well
	fields(c, &same)
	return c.out
}

// readPart reads what appendPart has appended, and returns what stands behind it.
func readPart[T any](b []byte, fields func(*coder, *T)) (x *T, rest []byte, err error) {
	c := &coder{part: "what it is about", in: &input{from: strings.NewReader(""), buf: b}, names: map[string]string{}}
	x = new(T)
	if fields(c, x); c.err != nil {
		return nil, nil, c.err
	}
	return x, b[c.in.at:], nil
}

// codeChanges is what a Govern is about.
func codeChanges(c *coder, all *[]Change) {
	*all = series(c, *all, func(x *Change) {
		integer(c, &x.Right)
		c.bool(&x.Off)
		c.bool(&x.Stays)
		c.text(&x.Name)
		c.text(&x.Text)
		integer(c, &x.N)
	})
}

// codeKeptRoom is what a command says of a room.
func codeKeptRoom(c *coder, k *KeptRoom) {
	c.text(&k.Key)
	c.alike(&k.Name, k.Key)
	integer(c, &k.Place)
	c.text(&k.Topic)
	c.text(&k.TopicBy)
	integer(c, &k.TopicAt)
	integer(c, &k.Created)
	k.Metadata = codeKeys(c, k.Metadata)
	k.Rights = series(c, k.Rights, func(r *Right) {
		if codeRight(c, r); r.Kind == 0 || r.Kind >= rightKinds {
			c.fail("the right %d is none", r.Kind)
		}
	})
}

// codeKeptPerson is what a command says of a person.
func codeKeptPerson(c *coder, k *KeptPerson) {
	c.text(&k.Account)
	c.alike(&k.Name, k.Account)
	c.bool(&k.Keeps)
	k.Rooms = series(c, k.Rooms, c.text)
	integer(c, &k.Took)
	integer(c, &k.Since)
	c.bool(&k.IsAway)
	c.text(&k.Away)
}

// codeKeptPast is what a command says of the past.
func codeKeptPast(c *coder, p *Past) {
	p.Marks = series(c, p.Marks, func(m *KeptMark) {
		c.repeated(&m.Account)
		c.text(&m.Key)
		c.alike(&m.Shown, m.Key)
		integer(c, &m.Read)
	})
	p.Metadata = codeKeys(c, p.Metadata)
	p.Rows = series(c, p.Rows, func(row *Row) {
		codeRow(c, row)
		codePortrait(c, &row.Of)
		c.bool(&row.Event)
		c.bool(&row.Off)
	})
}

// codePortrait is a field with one, or nil.
func codePortrait(c *coder, of **Portrait) {
	is := *of != nil
	if c.bool(&is); !is {
		return
	}
	if c.reads() {
		*of = &Portrait{}
	}
	p := *of
	for _, text := range []*string{&p.Name, &p.User, &p.Host, &p.Real, &p.Account, &p.Words, &p.Modes, &p.Address} {
		c.text(text)
	}
	for _, is := range []*bool{&p.Away, &p.Operator, &p.Hidden, &p.Bot, &p.Sealed, &p.Own, &p.Founds, &p.Operates, &p.Speaks} {
		c.bool(is)
	}
	integer(c, &p.Idle)
	integer(c, &p.Since)
	if keys := codeKeys(c, p.Keys); c.reads() { // others may have what is written as well
		p.Keys = keys
	}
}

// codeLook is what a command says of where one looks.
func codeLook(c *coder, l *Look) {
	integer(c, &l.Verb)
	for _, text := range []*string{&l.Account, &l.With, &l.Shown, &l.By, &l.Words} {
		c.text(text)
	}
	l.Places = series(c, l.Places, func(s *Seen) {
		integer(c, &s.Place)
		c.text(&s.Room)
	})
	c.bool(&l.Letters)
	c.bool(&l.Latest)
	c.bool(&l.Events)
	for _, id := range []*MsgID{&l.Before, &l.After, &l.Around} {
		integer(c, id)
	}
	for _, at := range []*int64{&l.BeforeAt, &l.AfterAt, &l.AroundAt} {
		integer(c, at)
	}
	integer(c, &l.N)
}
