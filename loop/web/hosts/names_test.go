package hosts

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
)

func TestAllow(t *testing.T) {
	names, err := New("chat.example", "Other.Example.")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]bool{
		"chat.example": true, "CHAT.example:8080": true, "chat.example.": true, "other.example": true,
		"localhost": true, "LOCALHOST:1": true, "a.localhost": true, "127.0.0.1": true, "192.0.2.7:8080": true, "[::1]": true,
		"[2001:db8::1]:80": true, "::1": true, "": true,
		"evil.example": false, "evil.example:8080": false, "chat.example.evil.example": false, "xchat.example": false,
		"localhost.evil.example": false, "127.0.0.1.evil.example": false, "127.1": false, "0x7f000001": false, "[evil.example]": false,
		"notlocalhost": false, ":8080": false, ".": false, "*": false,
	}
	for host, want := range rows {
		if got := names.Allow(host); got != want {
			t.Errorf("Allow(%q) = %v, want %v", host, got, want)
		}
	}
	machine, err := os.Hostname()
	if err != nil || !names.Allow(machine) || !names.Allow(machine+":80") {
		t.Errorf("Allow(%q) = false, want the machine's name to be allowed (%v)", machine, err)
	}
	if more := names.And("third.example"); !more.Allow("third.example") || !more.Allow("chat.example") || names.Allow("third.example") {
		t.Error("And: want one more name in a new Names alone")
	}
}

func TestAnyName(t *testing.T) {
	if names, err := New("a.example", Any); err != nil || !names.Allow("evil.example") {
		t.Errorf("New(*) = %v, %v, want one that allows every name", names, err)
	}
}

func TestNamesThatCannotBe(t *testing.T) {
	for _, name := range []string{"", "http://a.example", "a.example:80", "a.example/", "*.example", "a b", "[::1]"} {
		if _, err := New(name); err == nil {
			t.Errorf("New(%q) = nil, want an error", name)
		}
	}
}

func TestGuard(t *testing.T) {
	names, err := New()
	if err != nil {
		t.Fatal(err)
	}
	served := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	guard := names.Guard(func(name string) bool { return name == "known.example" }, served)
	for host, want := range map[string]int{
		"localhost": http.StatusTeapot, "known.example:80": http.StatusTeapot, "evil.example": http.StatusMisdirectedRequest,
	} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		if guard.ServeHTTP(w, r); w.Code != want {
			t.Errorf("status for %s = %d, want %d", host, w.Code, want)
		}
	}
}
