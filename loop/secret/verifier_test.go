package secret

import (
	"strings"
	"testing"

	"github.com/xdg-go/scram"
)

// pencil is the salt of the example in section 3 of RFC 7677, whose password is "pencil".
var pencilSalt = [SaltSize]byte{0x5b, 0x6d, 0x99, 0x68, 0x9d, 0x12, 0x35, 0x8e, 0xec, 0xa0, 0x4b, 0x14, 0x12, 0x36, 0xfa, 0x81}

func pencil(t testing.TB) Verifier {
	t.Helper()
	v, err := verifierOf("pencil", pencilSalt, 4096)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestConversationOfRFC7677 is the example in its section 3, word for word.
func TestConversationOfRFC7677(t *testing.T) {
	v := pencil(t)
	kept, err := ParseVerifier(v.String())
	if err != nil || kept != v {
		t.Fatalf("ParseVerifier(%q) = %v, %v; want the same", v, kept, err)
	}
	c := converse(func(name string) Verifier {
		if name != "user" {
			t.Errorf("the name is %q, want user", name)
		}
		return kept
	}, func() string { return "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0" })
	first, ok := c.Step("n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
	if want := "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"; first != want || !ok {
		t.Errorf("first answer = %q, %v; want %q", first, ok, want)
	}
	if c.Right() {
		t.Error("it is right before the client has shown anything")
	}
	second, ok := c.Step("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
	if want := "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="; second != want || !ok || !c.Right() {
		t.Errorf("second answer = %q, %v, right: %v; want %q", second, ok, c.Right(), want)
	}
	if _, ok := c.Step("c=biws"); ok {
		t.Error("a third message is taken")
	}
}

// talk has a client of the library talk with a Conversation.
func talk(t *testing.T, c *Conversation, name, password string) (right bool) {
	t.Helper()
	client, err := scram.SHA256.NewClientUnprepped(name, password, "")
	if err != nil {
		t.Fatal(err)
	}
	conv, answer := client.NewConversation(), ""
	for !conv.Done() {
		message, err := conv.Step(answer)
		if err != nil {
			return false
		}
		if conv.Done() {
			break
		}
		var ok bool
		if answer, ok = c.Step(message); !ok {
			return false
		}
	}
	return conv.Valid() && c.Right()
}

// TestVerifier: who knows the password is told from who doesn't, however it is typed, and nobody knows that of nobody.
func TestVerifier(t *testing.T) {
	rows := []struct {
		name, password, said string
		want                 bool
	}{
		{"the password", "correct horse battery", "correct horse battery", true},
		{"another", "correct horse battery", "correct horse batterY", false},
		{"with accents", "caf\u00e9 au lait", "caf\u00e9 au lait", true},
		{"accents apart", "cafe\u0301 au lait", "caf\u00e9 au lait", true},
		{"newer than RFC 4013", "pass \U0001F680 rocket", "pass \U0001F680 rocket", true},
		{"nothing", "correct horse battery", "", false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			v, err := NewVerifier(row.password, pencilSalt)
			if err != nil {
				t.Fatal(err)
			}
			c := Converse(func(string) Verifier { return v })
			if got := talk(t, c, "ann", row.said); got != row.want {
				t.Errorf("right = %v, want %v", got, row.want)
			}
		})
	}
	t.Run("of nobody", func(t *testing.T) {
		c := Converse(func(string) Verifier { return Verifier{Salt: pencilSalt} })
		if talk(t, c, "nobody", "") || talk(t, c, "nobody", "correct horse battery") {
			t.Error("somebody is let in as nobody")
		}
	})
	if _, err := NewVerifier("pass\x07word", pencilSalt); err == nil {
		t.Error("NewVerifier takes a password that Check refuses")
	}
}

// TestStepRefuses: what isn't a message ends the conversation, and what could break a client's stream is never sent back.
func TestStepRefuses(t *testing.T) {
	v := pencil(t)
	for _, message := range []string{
		"", "n", "n,,n=user", "n,,r=abc,n=user", "p=tls-unique,,n=user,r=abc", "n,,m=x,n=user,r=abc", "n,,n=us=er,r=abc", "n,,n=user,r=a\nb", "n,,n=user,r=a\x00b", "n,,n=user,r=a\xffb", "biws",
	} {
		c := Converse(func(string) Verifier { return v })
		if answer, ok := c.Step(message); ok || strings.ContainsAny(answer, "\r\n\x00") {
			t.Errorf("Step(%q) = %q, %v; want that it ends", message, answer, ok)
		}
		if c.Right() {
			t.Errorf("Step(%q) is right", message)
		}
	}
}

// TestStepSecond: the second message must go with the first.
func TestStepSecond(t *testing.T) {
	for _, message := range []string{
		"", "c=biws,r=other,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "c=eSws,r=rOprNGfwEbeRWgbNEkqOx,p=AAAA", "c=biws,r=rOprNGfwEbeRWgbNEkqOx,p=AAAA", "c=biws,r=rOprNGfwEbeRWgbNEkqOx", "v=abc",
	} {
		c := converse(func(string) Verifier { return pencil(t) }, func() string { return "x" })
		if _, ok := c.Step("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"); !ok {
			t.Fatal("the first message is refused")
		}
		if _, ok := c.Step(message); ok || c.Right() {
			t.Errorf("Step(%q) is taken", message)
		}
	}
}

// TestParseVerifierRefuses: nothing is read that String doesn't write.
func TestParseVerifierRefuses(t *testing.T) {
	good := pencil(t).String()
	for _, s := range []string{
		"", "SCRAM-SHA-256", strings.Replace(good, "256", "1", 1), strings.Replace(good, "4096", "4095", 1), strings.Replace(good, "4096", "04096", 1), strings.Replace(good, "4096", "9000000", 1),
		strings.Replace(good, "W22Z", "W22", 1), good + "=", good + "\n", good[:len(good)-4], strings.Replace(good, "$", ":", 2), strings.Replace(good, "6gQ==", "6gR==", 1),
	} {
		if v, err := ParseVerifier(s); err == nil || v != (Verifier{}) {
			t.Errorf("ParseVerifier(%q) = %v, %v; want an error", s, v, err)
		}
	}
	if s := (Verifier{}).String(); s != "" {
		t.Errorf("String of none = %q", s)
	}
}

// FuzzParseVerifier: what is read is written as the same.
func FuzzParseVerifier(f *testing.F) {
	f.Add(pencil(f).String())
	f.Add("SCRAM-SHA-256$4096:$:")
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := ParseVerifier(s); err == nil && v.String() != s {
			t.Errorf("ParseVerifier(%q).String() = %q", s, v)
		}
	})
}

func BenchmarkNewVerifier(b *testing.B) {
	for b.Loop() {
		if _, err := NewVerifier("correct horse battery", pencilSalt); err != nil {
			b.Fatal(err)
		}
	}
}
