//go:build linux

package abuse

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Size is how large an attack is.
type Size struct {
	Clients int `json:"clients"` // who attack
	Times   int `json:"times"`   // how often each does it, where it is counted
	Crowd   int `json:"crowd"`   // who are there besides, or what was made before: rooms, files
	// For is how long it is watched.
	For time.Duration `json:"for_ns"`
}

// Case is one way to be a nuisance.
type Case struct {
	Name string
	// What is done, in words.
	What string
	// Small is for a first look, Full what a patient attacker would do.
	Small, Full Size
	// Needs is what the server has to be started with.
	Needs Needs

	attacks []attack
}

// Needs is what a case needs of a server that not every one has.
type Needs struct {
	Files bool // a folder for files
	State bool // a folder for what is said
	Echo  bool // an echo service
}

// attack is a case in some dialects.
type attack struct {
	dialects []string
	// prepare makes ready what it needs, before the attackers come and anything is measured; may be nil.
	prepare func(f *field) error
	// strike tells the crew what the attackers are to do, and doesn't wait for it.
	strike func(f *field, attackers []*member)
	// reads says that attackers read what they get.
	reads bool
	// notes says what stands for what, where a protocol has no better; may be empty.
	notes string
}

// in returns the attack in a dialect.
func (c *Case) in(dialect string) (attack, bool) {
	at := slices.IndexFunc(c.attacks, func(a attack) bool { return slices.Contains(a.dialects, dialect) })
	if at < 0 {
		return attack{}, false
	}
	return c.attacks[at], true
}

// Speaks says whether the case can be told in the dialect.
func (c *Case) Speaks(dialect string) bool {
	_, speaks := c.in(dialect)
	return speaks
}

// Cases returns all, in the order of the report.
func Cases() []Case {
	return slices.Concat(answers(), talk(), noise())
}

// FindCases returns the cases of these names; without any, all. The error of an unknown name tells the known ones.
func FindCases(names []string) (found []Case, err error) {
	all := Cases()
	if len(names) == 0 {
		return all, nil
	}
	for _, name := range names {
		at := slices.IndexFunc(all, func(c Case) bool { return c.Name == name })
		if at < 0 {
			var known []string
			for _, c := range all {
				known = append(known, c.Name)
			}
			return nil, fmt.Errorf("there is no case %q; there are %s", name, strings.Join(known, ", "))
		}
		found = append(found, all[at])
	}
	return found, nil
}
