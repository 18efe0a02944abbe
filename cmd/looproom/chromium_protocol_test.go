//go:build linux

package main_test

import "testing"

// TestPageReadsLines has the page's parser read what the server says.
func TestPageReadsLines(t *testing.T) {
	need(t, "chromium")
	page := openPage(t, startServer(t, "--listen", "http://127.0.0.1:0"), 0, "reader")
	rows := []struct{ name, line, want string }{
		{"a message", "[ana] hello] you", `{"room":"","kind":"said","name":"ana","text":"hello] you"}`},
		{"a message elsewhere", "#go [ana] hi", `{"room":"#go","kind":"said","name":"ana","text":"hi"}`},
		{"an action", "* ana waves", `{"room":"","kind":"acted","name":"ana","text":"waves"}`},
		{"a private message", "*ana* psst", `{"room":"","kind":"whispered","name":"ana","text":"psst"}`},
		{"many who came", "> 37 entered, 12 left (19,412 users online)", `{"room":"","text":"37 entered, 12 left (19,412 users online)","kind":"digest","count":19412}`},
		{"one who left", "< The user ana left (1 user online)", `{"room":"","kind":"left","name":"ana","count":1,"text":"The user ana left (1 user online)"}`},
		{"away with words", "> ana is away: is back", `{"room":"","text":"is back","kind":"away","name":"ana"}`},
		{"a notice that is new", "> the moon is full", `{"room":"","kind":"notice","text":"the moon is full"}`},
		{"who is there", "= LIST 3 ana bob(away)", `{"room":"","kind":"listed","count":3,"users":[{"name":"ana","away":false},{"name":"bob","away":true}]}`},
		{"what was said", "= 2026-11-21T09:30:00Z * bob waves", `{"room":"","kind":"recalled","time":1795253400000,"message":{"kind":"acted","name":"bob","text":"waves"}}`},
		{"a file that was sent", "= SENT 3 a b.txt ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
			`{"room":"","kind":"sent","size":3,"name":"a b.txt","hash":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}`},
		{"a line of HELP", "= JOIN #room        /join         enters a room", `{"room":"","kind":"answer","text":"JOIN #room        /join         enters a room"}`},
		{"a message with an id", "@57024000-42 #go * ana waves", `{"room":"#go","kind":"acted","name":"ana","text":"waves","id":"57024000-42"}`},
		{"what was said, with an id", "= @57024000-42 2026-11-21T09:30:00.123Z [ana] hello",
			`{"room":"","kind":"recalled","time":1795253400123,"message":{"kind":"said","name":"ana","text":"hello","id":"57024000-42"}}`},
		{"what was said by another session", "@5-4 > you told bob: psst: x", `{"room":"","text":"psst: x","kind":"told","name":"bob","id":"5-4"}`},
		{"a room that another session has joined", "> you joined #go", `{"room":"","text":"you joined #go","kind":"joinedelsewhere","name":"#go"}`},
		{"how far one's own have come", "= SAID q7GhT2Xa:17 @5-4", `{"room":"","kind":"handled","id":"q7GhT2Xa","number":17,"message":"5-4"}`},
		{"what was missed alone", "= MISSED 1 *", `{"room":"","kind":"missed","count":1,"name":"*"}`},
		{"what was read", "= READ bob 5-4 2", `{"room":"","kind":"read","name":"bob","id":"5-4","count":2}`},
		{"a page of what was said", "= HISTORY 2 #go first", `{"room":"","kind":"history","count":2,"name":"#go","end":true}`},
		{"the end of a conversation", "= HISTORY 1 bob last", `{"room":"","kind":"history","count":1,"name":"bob","end":true}`},
		{"a private message of one's own", "= @5-4 2026-11-21T09:30:00.123Z *ana* psst",
			`{"room":"","kind":"recalled","time":1795253400123,"message":{"kind":"whispered","name":"ana","text":"psst","id":"5-4"}}`},
		{"that something was found", "= SEARCH 20 more", `{"room":"","kind":"searched","count":20,"more":true}`},
		{"what was found in a room", "= @5-4 2026-11-21T09:30:00.123Z #go * ana waves",
			`{"room":"","kind":"found","place":"#go","time":1795253400123,"message":{"kind":"acted","name":"ana","text":"waves","id":"5-4"}}`},
		{"what was found in a conversation", "= @5-4 2026-11-21T09:30:00.123Z bob *ana* answer",
			`{"room":"","kind":"found","place":"bob","time":1795253400123,"message":{"kind":"whispered","name":"ana","text":"answer","id":"5-4"}}`},
		{"a page of one's own messages", "= EXPORT 500", `{"room":"","kind":"exported","count":500,"more":false}`},
		{"that one is forgotten", "= FORGET ana 12", `{"room":"","kind":"forgotten","name":"ana","count":12}`},
		{"a line of HELP about the past", "= HISTORY [#room|name] [n]  /history  what was said", `{"room":"","kind":"answer","text":"HISTORY [#room|name] [n]  /history  what was said"}`},
		{"that a room was cleared", "> ana cleared what was said here", `{"room":"","text":"ana cleared what was said here","kind":"governed","name":"ana"}`},
		{"a session", "= SESSION 2 since 2026-11-21T09:30:00Z idle 0 from 10.0.0.6:51235 this",
			`{"room":"","kind":"session","number":2,"since":1795253400000,"idle":0,"address":"10.0.0.6:51235","own":true}`},
		{"a right of somebody called by", "= RIGHT #go op by by ana at 2026-11-21T09:30:00Z",
			`{"room":"","kind":"right","name":"#go","right":"op","who":"by","until":"","by":"ana","time":1795253400000,"text":""}`},
		{"a rule", "= RIGHT #go muted by ana at 2026-11-21T09:30:00Z",
			`{"room":"","kind":"right","name":"#go","right":"muted","who":"","until":"","by":"ana","time":1795253400000,"text":""}`},
		{"a ban", "= RIGHT #go ban eve until forever by ana at 2026-11-21T09:30:00Z spam, a lot",
			`{"room":"","kind":"right","name":"#go","right":"ban","who":"eve","until":"forever","by":"ana","time":1795253400000,"text":"spam, a lot"}`},
		{"that a room has another name", "#go > ana renamed the room to #rust: for a change", `{"room":"#go","text":"ana renamed the room to #rust: for a change","kind":"calling","name":"ana"}`},
		{"what an operator has done", "#go > ana banned an address until forever", `{"room":"#go","text":"ana banned an address until forever","kind":"governed","name":"ana"}`},
		{"what oneself has done", "= ROOM #go OP bob", `{"room":"","kind":"ruled","name":"#go","verb":"OP","text":"bob"}`},
		{"a room of the server", "= ROOM #go 3 about Go", `{"room":"","kind":"described","name":"#go","count":3,"text":"about Go"}`},
		{"that one is put out", "! put-out of #go by ana: words", `{"room":"","kind":"putout","name":"#go","text":"of #go by ana: words"}`},
		{"an error", "! flood slow down", `{"room":"","kind":"refused","code":"flood","text":"slow down"}`},
		{"nothing known", "what", `{"room":"","kind":"notice","text":"what"}`},
		{"nothing", "", `{"room":"","kind":"notice","text":""}`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			parsed := `import("/protocol.js").then(({ parse }) => JSON.stringify(parse(` + quoted(row.line) + `)))`
			if got := evaluate[string](page, parsed); got != row.want {
				t.Errorf("parse(%q) = %s, want %s", row.line, got, row.want)
			}
		})
	}
}
