//go:build linux

package door

import (
	"fmt"
	"slices"

	"looproom/loop/delivery"
)

// Dialect is in which words a client is spoken to.
type Dialect uint8

// The dialects.
const (
	LineDialect Dialect = iota // of people with nc, and of the pages
	IRCDialect
)

// voice is all in which doors differ for who encodes what is said: clients with the same voice share that.
type voice struct {
	layout  delivery.Layout
	dialect Dialect
}

// A form, which is how a client reads something, is a byte: the number of its voice, and bits that its dialect gives a meaning.
const (
	formBits = 4
	allBits  = 1<<formBits - 1
	// maxVoices bounds the voices that all doors together have. The last number that a byte has room for is nobody's.
	maxVoices = 1<<(8-formBits) - 1
)

// Form is the form of a voice with these bits, of which there are four.
func Form(voice, bits uint8) uint8 { return voice<<formBits | bits&allBits }

// Voice is the number of the voice of a form.
func Voice(form uint8) uint8 { return form >> formBits }

// Bits are those of a form.
func Bits(form uint8) uint8 { return form & allBits }

// The bits of the line dialect.
const (
	bitHere = 1 << iota // it is about the client's current room
	bitIDs              // it has the ids of messages
)

// LineForm is the form of a voice of the line dialect: in which a client reads what is about its current room or about another one, with the ids of messages or without.
func LineForm(voice uint8, here, ids bool) uint8 {
	var bits uint8
	if here {
		bits |= bitHere
	}
	if ids {
		bits |= bitIDs
	}
	return Form(voice, bits)
}

// Reads is what LineForm was given.
func Reads(form uint8) (here, ids bool) { return form&bitHere != 0, form&bitIDs != 0 }

// Layout is how lines are laid out in a form of a client that has come in.
func (ds *Doors) Layout(form uint8) delivery.Layout { return ds.voices[Voice(form)].layout }

// Dialect is the dialect of a form of a client that has come in.
func (ds *Doors) Dialect(form uint8) Dialect { return ds.voices[Voice(form)].dialect }

// numberVoices gives a number to each voice of the door that has none, and tells it which it has. ds.mu is held.
func (ds *Doors) numberVoices(d *Door) error {
	for i, v := range d.URL.voices() {
		at := slices.Index(ds.voices[:ds.used], v)
		if at < 0 && ds.used == maxVoices {
			return fmt.Errorf("there are at most %d different kinds of doors", maxVoices)
		}
		if at < 0 {
			at, ds.used = ds.used, ds.used+1
			ds.voices[at] = v
		}
		d.voices[i] = uint8(at)
	}
	return nil
}
