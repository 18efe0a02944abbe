package room

import (
	"slices"
	"strings"
	"unicode/utf8"

	"go.mau.fi/util/confusable"
)

// guise is how a name looks: the skeletons, as UTS #39 has them, of the name as it is shown and as names are compared. Names that have
// one in common look alike: lan and Ian as they are shown, and Admın and admin as they are compared.
type guise struct{ shown, key string }

// guiseOf returns the guise of a name. Both are bounded by the length of a name: no character's skeleton has more than 18.
func guiseOf(shown, key string) guise {
	g := guise{shown: skeleton(shown)}
	if g.key = g.shown; shown != key {
		g.key = skeleton(key)
	}
	g.key = strings.ToLower(g.key) // the skeleton of 0 is O, and o looks as much like it
	return g
}

// parts are the skeletons of g, which may be the same.
func (g guise) parts() [2]string { return [2]string{g.shown, g.key} }

// hasSkeleton has the characters of ASCII that look like others.
var hasSkeleton = func() (has [utf8.RuneSelf]bool) {
	for r := range rune(utf8.RuneSelf) {
		has[r] = confusable.GetReplacement(r) != ""
	}
	return has
}()

// skeleton is name with each character in the place of all that look like it. Most names are their own.
func skeleton(name string) string {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf || hasSkeleton[name[i]] {
			return confusable.Skeleton(name)
		}
	}
	return name
}

// guises finds by how a name looks who has it.
type guises[T comparable] map[string]T

// add notes that owner has that guise, now and not whoever had it.
func (l guises[T]) add(g guise, owner T) {
	for _, part := range g.parts() {
		l[part] = owner
	}
}

// remove forgets that owner has it.
func (l guises[T]) remove(g guise, owner T) {
	for _, part := range g.parts() {
		if l[part] == owner {
			delete(l, part)
		}
	}
}

// find returns who has a name that looks like g.
func (l guises[T]) find(g guise) (owner T, found bool) {
	for _, part := range g.parts() {
		if owner, found = l[part]; found {
			return owner, true
		}
	}
	return owner, false
}

// claims finds by how they look the names that belong to someone: those registered and those of operators. Names that look alike may
// have been registered before that was looked at; all of them are kept.
type claims map[string][]string // keys by skeleton

func (c claims) add(g guise, key string) {
	for _, part := range g.parts() {
		if others := c[part]; !slices.Contains(others, key) {
			c[part] = append(others, key)
		}
	}
}

func (c claims) remove(g guise, key string) {
	for _, part := range g.parts() {
		c[part] = slices.DeleteFunc(c[part], func(other string) bool { return other == key })
		if len(c[part]) == 0 {
			delete(c, part)
		}
	}
}

// onlyOf says whether all names that look like g are among the keys.
func (c claims) onlyOf(g guise, keys ...string) bool {
	for _, part := range g.parts() {
		for _, claimed := range c[part] {
			if !slices.Contains(keys, claimed) {
				return false
			}
		}
	}
	return true
}

// asDigits writes the letters of a skeleton that look like digits as such.
var asDigits = strings.NewReplacer("l", "1", "O", "0", "o", "0")

// passesForAddress says whether name, which has digits in it, looks like an address, with letters in the place of some of its digits.
func passesForAddress(skeleton, key string) bool {
	return strings.ContainsAny(key, "0123456789") && looksLikeAddress(asDigits.Replace(skeleton))
}
