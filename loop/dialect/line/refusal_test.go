package line

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"looproom/loop/room"
)

// TestEveryReasonHasWords: a reason without a code is none for programs, and one without words none for people.
func TestEveryReasonHasWords(t *testing.T) {
	for why := range room.Reasons {
		r := room.Refusal{Why: why, Who: "ana", Text: "PASS", N: 8 << 10}
		line := string((Dialect{}).AppendRefusal(nil, &r))
		code, words, _ := strings.Cut(line, " ")
		if code == "" || code != string(why.Code()) || words == "" || strings.ContainsAny(line, "{}\n") {
			t.Errorf("reason %d reads %q, want a code, words and nothing that is to be filled in", why, line)
		}
	}
	if last := room.Reason(len(reasons) - 1); last.Code() == "" || (last+1).Code() != "" {
		t.Errorf("there are words for %d reasons, the last with the code %q and the next with %q", len(reasons)-1, last.Code(), (last + 1).Code())
	}
	if maxName != strconv.Itoa(room.MaxName) || maxWords != strconv.Itoa(room.MaxWords) {
		t.Errorf("names are said to have %s characters and words %s, want %d and %d", maxName, maxWords, room.MaxName, room.MaxWords)
	}
}

// TestRefusals has what is filled in.
func TestRefusals(t *testing.T) {
	for _, row := range []struct {
		why  room.Refusal
		want string
	}{
		{room.Refusal{Why: room.NameInUse, Who: "ana"}, "name-taken ana is taken; choose another"},
		{room.Refusal{Why: room.NameLooksLike, Who: "lan", Text: "Ian"}, "name-taken lan looks like Ian, who is here; choose another"},
		{room.Refusal{Why: room.NameOwned, Who: "ana"}, "name-registered ana belongs to someone: LOGIN ana password"},
		{room.Refusal{Why: room.RoomLooksLike, Who: "#lan", Text: "#Ian"}, "bad-name #lan looks like #Ian, which is there; JOIN #Ian"},
		{room.Refusal{Why: room.NameBanned, Who: "eve"}, "banned the name eve is banned for ever"},
		{room.Refusal{Why: room.NameBanned, Who: "eve", N: morning, Text: "spam"}, "banned the name eve is banned until 2026-11-21T09:30:00Z: spam"},
		{room.Refusal{Why: room.AddressBanned, Text: "spam"}, "banned for ever: spam"},
		{room.Refusal{Why: room.AddressBanned, N: morning}, "banned until 2026-11-21T09:30:00Z"},
		{room.Refusal{Why: room.KickedOut}, "kicked by an operator"},
		{room.Refusal{Why: room.KickedOut, Text: "{who} {n}"}, "kicked by an operator: {who} {n}"},
		{room.Refusal{Why: room.InTooManyRooms, N: 20}, "too-many-rooms you are in 20 rooms, and that is the limit; PART one first"},
		{room.Refusal{Why: room.LineOverLimit, N: 8 << 10}, "line-too-long a line has at most 8 KiB; it was dropped"},
		{room.Refusal{Why: room.LineOverLimit, N: 3 << 20}, "line-too-long a line has at most 3 MiB; it was dropped"},
		{room.Refusal{Why: room.LineOverLimit, N: 1500}, "line-too-long a line has at most 1500 bytes; it was dropped"},
		{room.Refusal{Why: room.GivesAway, Text: "LOGIN"},
			"looks-like-a-password this was not said; LOGIN name password, in upper case or with a slash, is the command, and TEXT in front says it all the same"},
		{room.Refusal{Why: room.NoNameInTime, N: int64(90 * time.Second)}, "sign-in-timeout sign in within 1m30s: ADD name"},
		{room.Refusal{Why: room.AddressOverDay, N: 1 << 20}, "quota that is more than your address may send in a day: 1 MiB"},
		{room.Refusal{Why: room.NameSentAll, Who: "ana", N: int64(time.Second)}, "quota ana has sent as much as it may for now; try again in 1s"},
		{room.Refusal{Why: room.MessagesSkipped, N: 1}, "skipped 1 message"},
		{room.Refusal{Why: room.MessagesSkipped, N: 1234}, "skipped 1234 messages"},
		{room.Refusal{}, " "},
	} {
		if got := string((Dialect{}).AppendRefusal(nil, &row.why)); got != row.want {
			t.Errorf("AppendRefusal(%+v) = %q, want %q", row.why, got, row.want)
		}
		_, words, _ := strings.Cut(row.want, " ")
		if got := (Dialect{}).Words(&row.why); got != words {
			t.Errorf("Words(%+v) = %q, want %q", row.why, got, words)
		}
	}
}
