package codec

import "testing"

func TestStripTelnet(t *testing.T) {
	tests := []struct{ name, line, want string }{
		{"nothing", "", ""},
		{"plain", "hello", "hello"},
		{"iac iac", "a\xff\xffb", "a\xffb"},
		{"will wont do dont", "a\xff\xfb\x01b\xff\xfc\x01c\xff\xfd\x01d\xff\xfe\x01e", "abcde"},
		{"an option that is iac", "a\xff\xfd\xffb", "ab"},
		{"two byte commands", "\xff\xf0\xff\xf1\xff\xf4\xff\xf9a", "a"},
		{"a byte that is no command", "\xffab\xff\xebc", "ab\xebc"},
		{"commands of later RFCs", "a\xff\xed\xff\xec\xff\xee\xff\xefb", "ab"},
		{"subnegotiation", "a\xff\xfa\x18\x00xterm\xff\xf0b", "ab"},
		{"iac iac in a subnegotiation", "a\xff\xfa\x1f\xff\xff\xf0\xff\xf0b", "ab"},
		{"other iac in a subnegotiation", "a\xff\xfa\x1f\xff\xfb\x01\xff\xf0b", "ab"},
		{"cut behind iac", "a\xff", "a"},
		{"cut behind do", "a\xff\xfd", "a"},
		{"cut in a subnegotiation", "a\xff\xfa\x18abc\xff", "a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := stripTelnet([]byte(test.line)); string(got) != test.want {
				t.Errorf("stripTelnet(%q) = %q, want %q", test.line, got, test.want)
			}
		})
	}
}
