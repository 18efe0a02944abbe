package room

import (
	"unicode"
	"unicode/utf8"
)

// pattern is a text with * for any letters and ? for any one. Letters are the same in any case. To match it with a text takes a step for each of its letters, whatever they are.
type pattern struct {
	ascii [utf8.RuneSelf]uint64 // the places at which each letter may stand, a bit for each
	other map[rune]uint64       // the same of letters that are not ASCII
	any   uint64                // the places at which any letter may stand
	loops uint64                // those in front of which any letters may
	end   uint64                // the place behind the last
}

// maxPattern is how many letters a pattern has at most, but *.
const maxPattern = 63

// newPattern returns the pattern that is written so, false if it is too long.
func newPattern(written string) (p *pattern, ok bool) {
	p = &pattern{other: map[rune]uint64{}}
	at := 0
	for _, r := range written {
		if r == '*' {
			p.loops |= 1 << at
			continue
		}
		if at == maxPattern {
			return nil, false
		}
		switch place := uint64(1) << at; {
		case r == '?':
			p.any |= place
		case r < utf8.RuneSelf:
			p.ascii[lower(r)] |= place
		default:
			p.other[lower(r)] |= place
		}
		at++
	}
	p.end = 1 << at
	return p, true
}

// matches says whether it matches all of text.
func (p *pattern) matches(text string) bool {
	reached := uint64(1) // the places that may come next
	for _, r := range text {
		at := p.any
		if r = lower(r); r < utf8.RuneSelf {
			at |= p.ascii[r]
		} else {
			at |= p.other[r]
		}
		if reached = reached&at<<1 | reached&p.loops; reached == 0 {
			return false
		}
	}
	return reached&p.end != 0
}

// lower is r as letters are compared in any case.
func lower(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			return r | 0x20
		}
		return r
	}
	return unicode.ToLower(r)
}
