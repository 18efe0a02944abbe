package room

import "github.com/tidwall/btree"

// ordered is items by their keys, which must not change while they are in it. It costs no sorting to go through it, and a snapshot nothing but
// the nodes that are changed afterwards, at most all of them once.
type ordered[T any] struct{ tree *btree.BTreeG[T] }

func newOrdered[T any](less func(a, b T) bool) ordered[T] {
	return ordered[T]{btree.NewBTreeGOptions(less, btree.Options{NoLocks: true})}
}

func (o ordered[T]) add(item T)    { o.tree.Set(item) }
func (o ordered[T]) remove(item T) { o.tree.Delete(item) }
func (o ordered[T]) len() int      { return o.tree.Len() }

// items gives the items in order, one after the other, as long as none comes or goes.
func (o ordered[T]) items() func() (item T, is bool) {
	items := o.tree.Iter()
	begun := false
	return func() (item T, is bool) {
		if begun {
			is = items.Next()
		} else {
			begun, is = true, items.First()
		}
		if is {
			item = items.Item()
		}
		return item, is
	}
}

func (o ordered[T]) copy() *ordered[T] { return &ordered[T]{o.tree.Copy()} }

// rows gives the items that are there now, one after the other, as rows. It compares no keys, so that these may change then.
func (o ordered[T]) rows(row func(T) Row) func() (Row, bool) {
	items := o.tree.Copy().Iter()
	begun := false
	return func() (Row, bool) {
		if begun {
			items.Next()
		} else {
			begun = items.First()
		}
		return row(items.Item()), true
	}
}

// orderedBytes is what a snapshot takes for each item at the most, in bytes.
const orderedBytes = 16

// Rooms of more than orderFrom members keep them in order; those that have become fewer than half of that no longer.
const orderFrom = 128

func byKey(a, b *user) bool { return a.key < b.key }

// orderMember notes that u has come into r, or has another key.
func (r *chatRoom) orderMember(u *user) {
	switch {
	case r.order != nil:
		r.order.add(u)
	case len(r.members) > orderFrom:
		order := newOrdered(byKey)
		for _, m := range r.members { // at most orderFrom and u
			order.add(m)
		}
		r.order = &order
	}
}

// disorderMember notes that u leaves r, or that its key is about to change.
func (r *chatRoom) disorderMember(u *user) {
	if r.order == nil {
		return
	}
	if r.order.remove(u); r.order.len() < orderFrom/2 {
		r.order = nil
	}
}
