package secret

import (
	"runtime"
	"strings"
	"testing"
)

// Hashes that other programs made: argon2 of the reference implementation, and crypt(3) of libxcrypt.
const (
	argonDefault = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ4$MhuztcRfWj0GcEDYSTISG1Dup7qu/tG97ZkPktupNzw"
	argonSmall   = "$argon2id$v=19$m=64,t=3,p=4$c2FsdHNhbHRzYWx0$iooY9xk0qZg+skmg1y1eX/YOWQabrMJ8"
	argon2i      = "$argon2i$v=19$m=64,t=3,p=4$c2FsdHNhbHRzYWx0$HCGTdQwdnUZzUlDqf0TF9h3WVvoo5Cka"
	bcryptA      = "$2a$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"
	bcryptB      = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"
	bcryptY      = "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"
	bcrypt72     = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i" // of 72 times x
	bcryptShort  = "$2b$05$abcdefghijklmnopqrstuu2kBuUDEnnBvPEpiyYsbfsiykNoDm8/2" // of "short"
	bcryptUTF8   = "$2b$04$abcdefghijklmnopqrstuuyx2n0Zzopyr9QuYTMCfOJJOj526QVoC" // of "pässwörd"
)

func TestMatches(t *testing.T) {
	rows := []struct {
		name, hash, password string
		want                 bool
	}{
		{"argon2id as Hash makes it", argonDefault, "correct horse", true},
		{"argon2id of other settings", argonSmall, "correct horse", true},
		{"argon2id, wrong", argonSmall, "correct horsf", false},
		{"argon2id, nothing said", argonSmall, "", false},
		{"argon2id, far too long", argonSmall, strings.Repeat("x", 5000), false},
		{"argon2i", argon2i, "correct horse", false},
		{"bcrypt 2a", bcryptA, "correct horse", true},
		{"bcrypt 2b", bcryptB, "correct horse", true},
		{"bcrypt 2y", bcryptY, "correct horse", true},
		{"bcrypt, wrong", bcryptB, "correct horses", false},
		{"bcrypt, nothing said", bcryptB, "", false},
		{"bcrypt, 72 bytes", bcrypt72, strings.Repeat("x", 72), true},
		{"bcrypt, 73 bytes of which 72 are right", bcrypt72, strings.Repeat("x", 73), false},
		{"bcrypt, shorter than new ones may be", bcryptShort, "short", true},
		{"bcrypt, accents as one character", bcryptUTF8, "p\u00e4ssw\u00f6rd", true},
		{"bcrypt, accents of their own", bcryptUTF8, "pa\u0308sswo\u0308rd", true},
		{"another kind of space", argonSmall, "correct\u3000horse", true},
		{"control character", argonSmall, "correct horse\x00", false},
		{"nobody", "", "correct horse", false},
		{"nobody, nothing said", "", "", false},
		{"not a hash", "correct horse", "correct horse", false},
		{"the decoy's salt and all", decoy, "", false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := Matches(row.hash, row.password); got != row.want {
				t.Errorf("Matches(%q, %.20q) = %v, want %v", row.hash, row.password, got, row.want)
			}
		})
	}
}

func TestHash(t *testing.T) {
	const password = "pa\u0308ss word"
	hash, err := Hash(password)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("Hash = %q, want argon2id with 19 MiB, 2 passes, 1 lane", hash)
	}
	if err := Valid(hash); err != nil {
		t.Errorf("Valid of a hash of Hash = %v", err)
	}
	if !Matches(hash, password) || !Matches(hash, "p\u00e4ss\u00a0word") {
		t.Error("Matches of the password, as it was or in its other form = false")
	}
	if again, _ := Hash(password); again == hash {
		t.Error("Hash twice of one password is the same, want another salt")
	}
	for _, none := range []string{"", "pass\x07word", strings.Repeat("x", MaxPassword+1)} {
		if got, err := Hash(none); got != "" || err == nil {
			t.Errorf("Hash(%.20q) = %q, %v, want an error", none, got, err)
		}
	}
}

func TestValid(t *testing.T) {
	const salt, sum = "c2FsdHNhbHRzYWx0", "iooY9xk0qZg+skmg1y1eX/YOWQabrMJ8"
	argon := func(costs string) string { return "$argon2id$v=19$" + costs + "$" + salt + "$" + sum }
	rows := []struct {
		name, hash string
		err        string // "" for none
	}{
		{"argon2id", argonDefault, ""},
		{"argon2id of other settings", argonSmall, ""},
		{"the dearest", argon("m=262144,t=10,p=16"), ""},
		{"the decoy", decoy, ""},
		{"bcrypt 2a", bcryptA, ""},
		{"bcrypt 2b", bcryptB, ""},
		{"bcrypt 2y", bcryptY, ""},
		{"bcrypt, the dearest", "$2b$15$" + bcryptB[7:], ""},
		{"nothing", "", "not a hash"},
		{"the password itself", "correct horse", "not a hash"},
		{"argon2i", argon2i, "not a hash"},
		{"bcrypt 2x", "$2x$" + bcryptB[4:], "not a hash"},
		{"md5", "$1$abcdefgh$irWbblnpmw.5z7wgBnprh0", "not a hash"},
		{"too much memory", argon("m=262145,t=1,p=1"), "256 MiB of memory to check, and 256 are allowed"},
		{"too many passes", argon("m=64,t=11,p=1"), "11 passes"},
		{"too many lanes", argon("m=1024,t=1,p=17"), "17 lanes"},
		{"no pass", argon("m=64,t=0,p=1"), "not an argon2id hash"},
		{"no lane", argon("m=64,t=1,p=0"), "not an argon2id hash"},
		{"less memory than lanes need", argon("m=8,t=1,p=2"), "not an argon2id hash"},
		{"more behind the number", argon("m=64,t=1,p=1x"), "not an argon2id hash"},
		{"other order", argon("t=1,m=64,p=1"), "not an argon2id hash"},
		{"another version", strings.Replace(argonSmall, "v=19", "v=16", 1), "not an argon2id hash"},
		{"cut short", argonSmall[:len(argonSmall)-14], "not an argon2id hash"},
		{"one letter cut off", argonSmall[:len(argonSmall)-1], "not an argon2id hash"},
		{"no sum", "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$", "not an argon2id hash"},
		{"short salt", "$argon2id$v=19$m=64,t=1,p=1$AAAA$" + sum, "not an argon2id hash"},
		{"long sum", argonSmall + strings.Repeat("A", 64), "not an argon2id hash"},
		{"line end", argonSmall + "\n", "not an argon2id hash"},
		{"one field more", argonSmall + "$", "not an argon2id hash"},
		{"bcrypt, too dear", "$2b$16$" + bcryptB[7:], "cost of 16"},
		{"bcrypt, too cheap", "$2b$03$" + bcryptB[7:], "not a bcrypt hash"},
		{"bcrypt, cut short", bcryptB[:59], "not a bcrypt hash"},
		{"bcrypt, longer", bcryptB + "a", "not a bcrypt hash"},
		{"bcrypt, another letter", bcryptB[:40] + "!" + bcryptB[41:], "not a bcrypt hash"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			err := Valid(row.hash)
			if row.err == "" {
				if err != nil {
					t.Errorf("Valid(%q) = %v, want none", row.hash, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), row.err) {
				t.Fatalf("Valid(%q) = %v, want an error with %q", row.hash, err, row.err)
			}
			if row.hash != "" && strings.Contains(err.Error(), row.hash) || strings.Contains(err.Error(), sum[:8]) {
				t.Errorf("Valid(%q) = %v, which repeats the hash", row.hash, err)
			}
			if Matches(row.hash, "correct horse") {
				t.Errorf("Matches(%q) = true for a hash that isn't valid", row.hash)
			}
		})
	}
}

// That there is no such name must not show in the time: the same work is done. Its memory can be counted where its time can't.
func TestNobodyCostsAHash(t *testing.T) {
	for _, hash := range []string{"", "not a hash", argonDefault} {
		for _, password := range []string{"correct horse", "wrong", "", strings.Repeat("x", 5000), "\x00"} {
			if got := allocated(func() { Matches(hash, password) }); got < uint64(params.Memory)<<10 {
				t.Errorf("Matches(%.10q, %.10q) allocated %d bytes, want the %d KiB of a hash", hash, password, got, params.Memory)
			}
		}
	}
}

// allocated is how many bytes all goroutines allocate while f runs.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func FuzzValid(f *testing.F) {
	for _, hash := range []string{argonDefault, argonSmall, argon2i, bcryptA, bcryptShort, decoy, "", "$argon2id$v=19$m=8,t=1,p=1$$"} {
		f.Add(hash)
	}
	f.Fuzz(func(t *testing.T, hash string) {
		if Valid(hash) != nil {
			return
		}
		// Cheap ones only; what matters is that no valid hash makes the check panic.
		if strings.HasPrefix(hash, "$argon2id$v=19$m=64,") || strings.HasPrefix(hash[3:], "$04$") {
			Matches(hash, "correct horse")
		}
	})
}

func BenchmarkHash(b *testing.B) {
	for b.Loop() {
		if _, err := Hash("correct horse"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMatches(b *testing.B) {
	rows := []struct{ name, hash string }{
		{"argon2id", argonDefault},
		{"nobody", ""},
		{"bcrypt of cost 10", "$2b$10$" + bcryptB[7:]},
		{"bcrypt of cost 15", "$2b$15$" + bcryptB[7:]},
		{"argon2id, the dearest", "$argon2id$v=19$m=262144,t=10,p=1$c2FsdHNhbHRzYWx0$iooY9xk0qZg+skmg1y1eX/YOWQabrMJ8"},
	}
	for _, row := range rows {
		b.Run(row.name, func(b *testing.B) {
			for b.Loop() {
				Matches(row.hash, "correct horse")
			}
		})
	}
}
