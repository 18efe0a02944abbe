package room

import (
	"strings"

	"looproom/codec/plain"
)

// doPlea gives a hint to who doesn't know yet how to talk to the server; to others help is a word like any other.
func doPlea(t turn) {
	if t.session().is(spoken) {
		doSay(t)
		return
	}
	t.answer(Event{Kind: Hinted, Text: t.cmd.Name})
}

func doSay(t turn) {
	if r := spokenTo(t); r != nil && t.maySpeak() {
		t.talk(r, Said)
	}
}

// spokenTo is the room that t's user speaks to, or it is told that there is none.
func spokenTo(t turn) *chatRoom {
	if t.cmd.Room != "" {
		return heardIn(t, t.cmd.Room)
	}
	return t.current()
}

func doAct(t turn) {
	if r := spokenTo(t); r != nil && t.maySpeak() {
		t.talk(r, Acted)
	}
}

// talk tells the other members of r, if u may speak there, and keeps the message for those who come later. What a shunned user says ends here, and nobody is
// told; nor of words of which nothing shows. What a shunned user says has an id all the same, of which the user is told: it is not to know.
func (t turn) talk(r *chatRoom, kind Kind) {
	if no := mayTalkIn(t, r); no.Why != 0 {
		t.refuse(no)
		return
	}
	if t.cmd.Manner == AsTagsAlone {
		tagRoom(t, r)
		return
	}
	if plain.IsBlank(t.cmd.Text) {
		return
	}
	t.session().set(spoken)
	id := t.messages.next()
	said := about(t.u, Event{
		Kind: kind, Scope: ToRoom, Client: t.cmd.Client, Room: r.id, RoomName: r.name, Place: r.place, Text: t.cmd.Text, ID: id, At: t.cmd.Wall,
		Notice: t.cmd.Manner == AsNotice, Programs: t.cmd.Programs, Tags: t.cmd.Tags,
	})
	if t.cmd.Tag != 0 {
		t.answer(Event{Kind: Sent, RoomName: r.name, Text: t.cmd.Text, ID: id, At: t.cmd.Wall, Notice: said.Notice, Bot: said.Bot, Tags: said.Tags, On: kind == Acted})
	}
	if t.isShunned() {
		return
	}
	if !t.cmd.Programs {
		r.noted = 0
		t.hall.keep(r, Row{Name: t.u.name, Account: said.Account, Text: t.cmd.Text, ID: id, At: t.cmd.Wall, Action: kind == Acted, Notice: said.Notice}, &t.cfg)
	}
	if i := t.u.seatIn(r); i >= 0 {
		appear(&t.membership, t.u, i)
	}
	t.out.emit(said)
}

// saidIn is how what t says in a room is told.
func saidIn(t turn) Kind {
	if t.cmd.Manner == AsAction {
		return Acted
	}
	return Said
}

func doTell(t turn) {
	if t.cmd.Right != 0 {
		confide(t)
		return
	}
	if strings.HasPrefix(t.cmd.Name, "#") {
		if r := heardIn(t, t.cmd.Name); r != nil && t.maySpeak() {
			t.talk(r, saidIn(t))
		}
		return
	}
	tagsAlone := t.cmd.Manner == AsTagsAlone
	if !t.named() || !tagsAlone && plain.IsBlank(t.cmd.Text) {
		return
	}
	to := t.userByName(t.cmd.Name)
	if to == nil {
		return
	}
	if no := mayWriteTo(t, to); no.Why != 0 {
		t.refuse(no)
		return
	}
	if tagsAlone {
		tagUser(t, to)
		return
	}
	t.session().set(spoken)
	id := t.messages.next()
	said := about(t.u, Event{Kind: Whispered, Text: t.cmd.Text, ID: id, At: t.cmd.Wall, Notice: t.cmd.Manner == AsNotice, Programs: t.cmd.Programs, Tags: t.cmd.Tags, On: t.cmd.Manner == AsAction})
	if t.cmd.Tag != 0 {
		t.answer(Event{Kind: Sent, Who: to.name, Text: t.cmd.Text, ID: id, At: t.cmd.Wall, Notice: said.Notice, Bot: said.Bot, Tags: said.Tags, On: said.On, List: absenceOf(to)})
	}
	if t.isShunned() {
		return
	}
	if !t.cmd.Programs {
		t.persons.mail(to, Row{Name: t.u.name, Account: accountOf(t.u), Text: t.cmd.Text, ID: id, At: t.cmd.Wall, Action: said.On, Notice: said.Notice})
	}
	t.out.tell(to, said)
	if to != t.u {
		t.out.tellOthers(t.u, t.cmd.Client, Event{Kind: ToldToo, Who: to.name, Text: t.cmd.Text, ID: id, At: t.cmd.Wall, Notice: said.Notice, Programs: said.Programs, Tags: said.Tags, On: said.On})
	}
	if !t.cmd.Programs {
		recordLetter(t, to, id)
	}
}

// recordLetter has the message that u has just said to another kept, if one of them has an account.
func recordLetter(t turn, to *user, id MsgID) {
	from, of := accountOf(t.u), accountOf(to)
	if from != "" || of != "" {
		t.out.record(Record{Letter: &Letter{
			ID: id, At: t.cmd.Wall, Text: t.cmd.Text, Action: t.cmd.Manner == AsAction, Notice: t.cmd.Manner == AsNotice,
			From: t.u.name, FromKey: t.u.key, To: to.name, ToKey: to.key, FromAccount: from, ToAccount: of,
		}})
	}
}
