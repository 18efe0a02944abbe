package room

import (
	"crypto/subtle"
	"strconv"
)

// directory is the names: who is here by which of them, which belong to someone, and how they look. Keys are as names are compared.
type directory struct {
	here *index // by key, guests included
	// looks finds by each part of how a name looks who is here under it; guests aren't found.
	looks *index

	registered map[string]guise // how each registered name looks
	claimed    claims           // the same, by how they look
	operators  claims           // names of operators

	keys map[ClientID]string // the digest of the key with which each has signed in, if it had one
}

// newDirectory is that of the users, by place.
func newDirectory(users *[]*user) directory {
	isCalled := func(u *user, key string) bool { return u.key == key }
	looks := func(u *user, part string) bool {
		g := guiseOf(u.name, u.key)
		return g.shown == part || g.key == part
	}
	d := directory{here: newIndex(users, isCalled), looks: newIndex(users, looks), registered: map[string]guise{}, claimed: claims{}, operators: claims{}, keys: map[ClientID]string{}}
	d.looks.folds = true // the two parts of most names
	return d
}

// byName finds a user by a name as a client writes it.
func (d *directory) byName(name string) *user {
	if key, ok := foldName(name); ok {
		return d.here.find(key)
	}
	return nil
}

// put notes that u is here by its name.
func (d *directory) put(u *user) {
	d.here.put(u.key, u)
	if u.guest() {
		return
	}
	parts := guiseOf(u.name, u.key).parts()
	together := d.looks.together(parts[0], parts[1])
	if other := d.looks.find(parts[1]); together && other != nil && other != u {
		d.looks.drop(parts[1], other) // or it would stand beside the one entry, which is for both
	}
	if d.looks.put(parts[0], u); !together {
		d.looks.put(parts[1], u)
	}
}

// drop notes that u is not, or no longer by that name.
func (d *directory) drop(u *user) {
	d.here.drop(u.key, u)
	if u.guest() {
		return
	}
	for _, part := range guiseOf(u.name, u.key).parts() {
		d.looks.drop(part, u)
	}
}

// guestName is the name that a guest comes with, or something like it if another has it: one client address can be connected to two doors.
func (d *directory) guestName(wanted string) string {
	name := wanted
	for n := 2; d.here.find(name) != nil; n++ {
		name = wanted + "/" + strconv.Itoa(n)
	}
	return name
}

func (d *directory) isRegistered(key string) bool {
	_, is := d.registered[key]
	return is
}

// register notes that a name belongs to someone.
func (d *directory) register(name, key string) {
	d.disclaim(key)
	d.registered[key] = guiseOf(name, key)
	d.claimed.add(d.registered[key], key)
}

// disclaim forgets that the name with that key is registered, if it is.
func (d *directory) disclaim(key string) {
	if g, is := d.registered[key]; is {
		d.claimed.remove(g, key)
		delete(d.registered, key)
	}
}

// claimOperators notes the names of operators. The names themselves can be taken, as an operator does who signs in before it says OPER: to
// keep one it has to be registered.
func (d *directory) claimOperators(names []string) {
	d.operators = claims{}
	for _, name := range names {
		if shown, key, why := checkName(name); why == 0 {
			d.operators.add(guiseOf(shown, key), key)
		}
	}
}

// mayLook returns why u can't take a name because of one of another that looks like it. Who has that very name, if it isn't nil, is about to lose it to u.
// operator is the key of the name by which u is an operator, "" if it is none.
func (d *directory) mayLook(u, holder *user, shown, key, operator string) (why Refusal) {
	if (key == u.key || key == accountOf(u)) && d.isRegistered(key) {
		return why // as its owner may write it; it may have been registered before another that looks like it
	}
	g := guiseOf(shown, key)
	for _, part := range g.parts() {
		other := d.looks.find(part)
		if other == nil {
			continue
		}
		if other != u && other != holder {
			return Refusal{Why: NameLooksLike, Who: shown, Text: other.name}
		}
		break // as they are shown goes before as they are compared
	}
	if !d.claimed.onlyOf(g, u.key) || !d.operators.onlyOf(g, key, operator) {
		return Refusal{Why: NameLooksOwned, Who: shown}
	}
	return why
}

// hasKey says whether u has signed in with the key of that digest. It takes the same time whichever bytes differ.
func (d *directory) hasKey(u *user, digest string) bool {
	return digest != "" && subtle.ConstantTimeCompare([]byte(d.keys[u.first.client]), []byte(digest)) == 1
}
