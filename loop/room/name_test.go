package room

import "testing"

func TestCheckName(t *testing.T) {
	tests := []struct {
		name, shown, key string
		err              error
	}{
		{"ana", "ana", "ana", nil},
		{"Ana", "Ana", "ana", nil},
		{"ＡＮＡ", "ANA", "ana", nil},       // full-width forms
		{"Zoe\u0308", "Zoë", "zoë", nil}, // composed
		{"o'neil-2", "o'neil-2", "o'neil-2", nil},
		{"имя", "имя", "имя", nil},
		{"a", "a", "a", nil},
		{"12345678901234567890123456789012", "12345678901234567890123456789012", "12345678901234567890123456789012", nil},
		{"123456789012345678901234567890123", "", "", errNameLength},
		{"", "", "", errNameLength},
		{"a b", "", "", errNameLetters},
		{"a\tb", "", "", errNameLetters},
		{"a\u200bb", "", "", errNameLetters},
		{"🙂", "", "", errNameLetters},
		{"[ana", "", "", errNameReserved},
		{"]ana", "", "", errNameReserved},
		{"<ana", "", "", errNameReserved},
		{">ana", "", "", errNameReserved},
		{"#ana", "", "", errNameReserved},
		{"＃ana", "", "", errNameLetters},
		{"/ana", "", "", errNameReserved},
		{"!ana", "", "", errNameReserved},
		{"*ana", "", "", errNameReserved},
		{"=ana", "", "", errNameReserved},
		{"ana(away)", "", "", errNameAway},
		{"ana(AWAY)", "", "", errNameAway},
		{"10.0.0.5", "", "", errNameAddress},
		{"10.0.0.5:51234", "", "", errNameAddress},
		{"local:7", "", "", errNameAddress},
		{"fe80::1", "", "", errNameAddress},
		{"host:80", "", "", errNameAddress},
		{"10.0.0.0/8", "", "", errNameAddress},
		{"2001:db8::/32", "", "", errNameAddress},
		{"::/0", "", "", errNameAddress},
		{"2001:DB8::1", "", "", errNameAddress},
		{"fe80::1%eth0", "", "", errNameAddress},
		{"10.0.0.5:51234/2", "", "", errNameAddress}, // the second guest from one address
		{"k3x9q2.m4t7wz:17", "", "", errNameAddress}, // a cloak
		{"guest:17", "", "", errNameAddress},
		{"1/2", "1/2", "1/2", nil},
		{"50%", "50%", "50%", nil},
		{"either/or", "either/or", "either/or", nil},
		{"42", "42", "42", nil},
		{"cafe", "cafe", "cafe", nil},
		{"a:b", "a:b", "a:b", nil},
	}
	for _, test := range tests {
		shown, key, err := checkName(test.name)
		if err != test.err || (err == nil && (shown != test.shown || key != test.key)) {
			t.Errorf("checkName(%q) = %q, %q, %v; want %q, %q, %v", test.name, shown, key, err, test.shown, test.key, test.err)
		}
	}
}

func BenchmarkCheckName(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := checkName("user12345"); err != nil {
			b.Fatal(err)
		}
	}
}
