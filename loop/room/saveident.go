package room

// codeIdent is u's, or none.
func codeIdent(c *coder, u *user) {
	i := identOf(u)
	is := i != nil
	if c.bool(&is); !is {
		return
	}
	if c.reads() {
		i = &ident{}
		u.more().ident = i
	}
	c.text(&i.user)
	c.text(&i.real)
	integer(c, &i.modes)
	enters := i.entering != nil
	if c.bool(&enters); !enters {
		return
	}
	if c.reads() {
		i.entering = &entering{}
	}
	c.text(&i.entering.name)
	c.alike(&i.entering.key, i.entering.name)
	i.entering.marks = codeMarks(c, i.entering.marks)
	codeMetadata(c, &i.entering.metadata)
}

// codeMarks is read marks.
func codeMarks(c *coder, all marks) marks {
	all = series(c, all, func(m *mark) {
		c.repeated(&m.key)
		c.alike(&m.shown, m.key)
		integer(c, &m.read)
		integer(c, &m.at)
	})
	if len(all) > maxReadMarks {
		c.fail("%d read marks are too many", len(all))
	}
	return all
}
