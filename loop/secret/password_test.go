package secret

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	rows := []struct {
		name, password string
		err            string // "" for none
	}{
		{"the shortest", "8 chars.", ""},
		{"the longest", strings.Repeat("x", 128), ""},
		{"characters, not bytes", strings.Repeat("\U0001f511", 128), ""},
		{"characters, not bytes, of which it has too few", "ñandúes", "8 characters or more"},
		{"seven that look like more bytes", strings.Repeat("\U0001f511", 7), "8 characters or more"},
		{"counted when prepared", "a\u0308a\u0308a\u0308a\u0308", "8 characters or more"},
		{"nothing", "", "8 characters or more"},
		{"too long", strings.Repeat("x", 301), "300 characters or fewer"},
		{"far too long", strings.Repeat("x", 100_000), "300 characters or fewer"},
		{"control character", "password\x07", "no control characters"},
		{"not UTF-8", "password\xff", "no control characters"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			err := Check(row.password, MinPassword)
			if row.err == "" {
				if err != nil {
					t.Errorf("Check(%.20q) = %v, want none", row.password, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), row.err) {
				t.Fatalf("Check(%.20q) = %v, want an error with %q", row.password, err, row.err)
			}
			if row.password != "" && strings.Contains(err.Error(), row.password) {
				t.Errorf("Check = %v, which repeats the password", err)
			}
		})
	}
}

// TestCheckAtLeast: how short a password may be is its asker's affair.
func TestCheckAtLeast(t *testing.T) {
	for _, row := range []struct {
		password string
		least    int
		err      string
	}{
		{"x", 1, ""}, {"", 1, "a password has a character or more"}, {"ñañ", 3, ""}, {"ñañ", 4, "a password has 4 characters or more"},
		{strings.Repeat("x", 300), 300, ""}, {strings.Repeat("x", 299), 300, "a password has 300 characters or more"}, {strings.Repeat("x", 301), 300, "300 characters or fewer"},
	} {
		err := Check(row.password, row.least)
		if row.err == "" && err != nil || row.err != "" && (err == nil || !strings.HasSuffix(err.Error(), row.err)) {
			t.Errorf("Check(%.20q, %d) = %v, want %q", row.password, row.least, err, row.err)
		}
	}
}
