package textfiles

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sealed is a file with that content, whose checksum is right.
func sealed(name, content string) string {
	return seal(name, []byte(content)) + content
}

func TestDamages(t *testing.T) {
	const (
		ana  = `{"name":"Ana","key":"ana","since":"2026-11-21T12:00:00Z","hash":"` + hash + `"}` + "\n"
		bob  = `{"name":"bob","key":"bob","since":"2026-11-21T12:00:00Z","hash":"` + hash + `"}` + "\n"
		ten  = `{"target":"10.0.0.0/8","until":"forever","since":"2026-11-21T12:00:00Z","by":"ann","words":""}` + "\n"
		one  = `{"name":"ana","marks":["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]}` + "\n"
		two  = `{"name":"bob","marks":["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]}` + "\n"
		den  = `{"room":"#Den","key":"#den","rights":[{"kind":"founder","of":"ana","by":"ana","at":"2026-11-21T12:00:00.000Z"}]}` + "\n"
		hall = `{"room":"#hall","key":"#hall","rights":[{"kind":"founder","of":"ana","by":"ana","at":"2026-11-21T12:00:00.000Z"}]}` + "\n"
		shun = `{"target":"10.0.0.0/8","shun":true,"until":"forever","since":"2026-11-21T12:00:00Z","by":"ann","words":""}` + "\n"
	)
	replaced := func(line, old, new string) string {
		if !strings.Contains(line, old) {
			t.Fatalf("%s has no %s", line, old)
		}
		return strings.Replace(line, old, new, 1)
	}
	rows := []struct {
		name, file, content string
		want                string // a part of the error
	}{
		{"empty", "bans", "", "its first line isn't that of a looproom file"},
		{"no line end", "bans", strings.TrimSuffix(sealed("bans", ""), "\n"), "its first line"},
		{"something else", "bans", "10.0.0.1\n10.0.0.2\n", "its first line"},
		{"zeros, as after a loss of power", "names", strings.Repeat("\x00", 300), "its first line"},
		{"another file's", "bans", sealed("names", ana), "its first line"},
		{"a later version", "bans", "looproom bans 2 sha256=00\n", `format "2", and this one reads 1`},
		{"cut short", "bans", strings.TrimSuffix(sealed("bans", ten+shun), shun), "damaged or was edited"},
		{"one letter changed", "names", replaced(sealed("names", ana), "Ana", "Ann"), "damaged or was edited"},
		{"more behind it", "names", sealed("names", ana) + bob, "damaged or was edited"},
		{"checksum in capitals", "bans", replaced(sealed("bans", ""), "e3b0", "E3B0"), "damaged or was edited"},
		{"not JSON", "bans", sealed("bans", ten+"hello\n"), "line 3: it isn't an entry"},
		{"empty line", "bans", sealed("bans", ten+"\n"), "line 3: it isn't an entry"},
		{"last line without its end", "bans", sealed("bans", ten+strings.TrimSuffix(shun, "\n")), "line 3: it isn't an entry"},
		{"two on a line", "bans", sealed("bans", strings.TrimSuffix(ten, "\n")+shun), "line 2: it isn't an entry"},
		{"unknown field", "bans", sealed("bans", replaced(ten, `"by"`, `"colour":"red","by"`)), "line 2: it isn't an entry"},
		{"field in other letters", "bans", sealed("bans", replaced(ten, `"by"`, `"BY"`)), "line 2: it isn't an entry"},
		{"the same field twice", "bans", sealed("bans", replaced(ten, `"by":"ann"`, `"by":"bob","by":"ann"`)), "line 2: it isn't an entry"},
		{"a field of another type", "bans", sealed("bans", replaced(ten, `"ann"`, `7`)), "line 2: it isn't an entry"},
		{"no such target", "bans", sealed("bans", replaced(ten, "10.0.0.0/8", "10.0.0.0/80")), "line 2: it isn't an entry"},
		{"everyone", "bans", sealed("bans", replaced(ten, "10.0.0.0/8", "0.0.0.0/0")), "line 2: it isn't an entry"},
		{"bits behind the length", "bans", sealed("bans", replaced(ten, "10.0.0.0/8", "10.0.0.1/8")), "line 2: it isn't an entry"},
		{"a name of nothing", "bans", sealed("bans", replaced(ten, `"10.0.0.0/8"`, `"","name":true`)), "line 2: it isn't an entry"},
		{"no such time", "bans", sealed("bans", replaced(ten, `"forever"`, `"tomorrow"`)), "line 2: it isn't an entry"},
		{"a time of another zone", "bans", sealed("bans", replaced(ten, `"forever"`, `"2026-11-21T12:00:00+01:00"`)), "line 2: it isn't an entry"},
		{"the same twice", "bans", sealed("bans", ten+ten), "line 3: it is there twice"},
		{"not in order", "bans", sealed("bans", shun+ten), "line 3: it is there twice, or not in order"},
		{"name twice", "names", sealed("names", ana+ana), "line 3: it is there twice"},
		{"names not in order", "names", sealed("names", bob+ana), "line 3: it is there twice, or not in order"},
		{"no key", "names", sealed("names", replaced(ana, `"key":"ana"`, `"key":""`)), "line 2: it isn't an entry"},
		{"a hash that isn't one", "names", sealed("names", ana+replaced(bob, hash, "password")), "line 3: not a hash"},
		{"a hash that is too dear", "names", sealed("names", replaced(ana, "m=64,", "m=9999999,")), "line 2: the hash takes"},
		{"a key changed", "trusted", replaced(sealed("trusted", one), "AAAA", "BAAA"), "damaged or was edited"},
		{"keys of nobody", "trusted", sealed("trusted", replaced(one, "ana", "")), "line 2: it isn't an entry"},
		{"no keys", "trusted", sealed("trusted", `{"name":"ana","marks":[]}`+"\n"), "line 2: it isn't an entry"},
		{"a short key", "trusted", sealed("trusted", one+`{"name":"bob","marks":["AAAA"]}`+"\n"), "line 3: it isn't an entry"},
		{"a key twice", "trusted", sealed("trusted", replaced(one, "[", `["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",`)), "line 2: it isn't an entry"},
		{"too many keys", "trusted", sealed("trusted", manyMarks(maxKeys+1)), "line 2: it isn't an entry"},
		{"keys not in order", "trusted", sealed("trusted", two+one), "line 3: it is there twice, or not in order"},
		{"a right changed", "rooms", replaced(sealed("rooms", den), "founder", "voice"), "damaged or was edited"},
		{"a room without a key", "rooms", sealed("rooms", replaced(den, "#den", "")), "line 2: it isn't an entry"},
		{"a room of nobody", "rooms", sealed("rooms", hall+replaced(hall, "founder", "op")), "line 3: it isn't an entry"},
		{"no such kind of right", "rooms", sealed("rooms", replaced(den, "founder", "king")), "line 2: it isn't an entry"},
		{"two founders", "rooms", sealed("rooms", replaced(den, `"rights":[`, `"rights":[{"kind":"founder","of":"bob","by":"ana","at":"2026-11-21T12:00:00.000Z"},`)), "line 2: it isn't an entry"},
		{"a founder until", "rooms", sealed("rooms", replaced(den, `.000Z"`, `.000Z","until":"forever"`)), "line 2: it isn't an entry"},
		{"no such time of a right", "rooms", sealed("rooms", replaced(den, ".000Z", "Z")), "line 2: it isn't an entry"},
		{"an unknown field of a right", "rooms", sealed("rooms", replaced(den, `"by"`, `"why":"","by"`)), "line 2: it isn't an entry"},
		{"a room twice", "rooms", sealed("rooms", den+den), "line 3: it is there twice"},
		{"rooms not in order", "rooms", sealed("rooms", hall+den), "line 3: it is there twice, or not in order"},
		{"no key of the cloaks", "cloak.key", sealed("cloak.key", ""), "one key of 32 bytes"},
		{"a short key of the cloaks", "cloak.key", sealed("cloak.key", `{"key":"AAAA"}`+"\n"), "line 2: there must be one key of 32 bytes"},
		{"two keys of the cloaks", "cloak.key", sealed("cloak.key", strings.Repeat(`{"key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}`+"\n", 2)), "one key of 32 bytes"},
		{"no number of a start", "start", sealed("start", ""), "there must be one number, of the last start"},
		{"a start before all", "start", sealed("start", `{"start":0}`+"\n"), "line 2: there must be one number, of the last start"},
		{"two starts", "start", sealed("start", strings.Repeat(`{"start":7}`+"\n", 2)), "there must be one number, of the last start"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			dir := golden(t)
			if err := os.WriteFile(filepath.Join(dir, row.file), []byte(row.content), 0o600); err != nil {
				t.Fatal(err)
			}
			before := contents(t, dir)
			_, err := Read(dir)
			if err == nil {
				t.Fatalf("Read with %s = nil, want an error with %q", row.content, row.want)
			}
			for _, part := range []string{row.want, filepath.Join(dir, row.file), "; restore it from a backup, or move it away to "} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("Read = %v, want %q in it", err, part)
				}
			}
			if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "iooY9xk0") {
				t.Errorf("Read = %q, want one line without a hash", err)
			}
			if after := contents(t, dir); after != before {
				t.Errorf("Read changed the files: %q, want %q", after, before)
			}
		})
	}
}

// manyMarks is a line with n keys of ana's.
func manyMarks(n int) string {
	l := trustLine{Name: "ana"}
	for i := range n {
		l.Marks = append(l.Marks, append([]byte{byte(i)}, make([]byte, 31)...))
	}
	return string(encode(l))
}

// contents are all files of the folder.
func contents(t *testing.T, dir string) (all string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all += file.Name() + ": " + string(content) + "\n"
	}
	return all
}
