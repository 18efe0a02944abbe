package nodes

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// MaxURL is the longest public URL, in bytes.
const MaxURL = 200

var errURL = errors.New("want http:// or https:// and a host, with a port or without, and nothing behind, such as https://n1.chat.example")

// Check returns a public URL as browsers write an origin: in lower case, without a slash at the end and without the usual port. What it returns can stand in a header.
func Check(text string) (string, error) {
	u, err := url.Parse(strings.ToLower(text))
	if err != nil || len(text) > MaxURL || (u.Scheme != "http" && u.Scheme != "https") || u.Opaque != "" || !validHost(u) {
		return "", fmt.Errorf("%q: %w", text, errURL)
	}
	if u.User != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return "", fmt.Errorf("%q: %w", text, errURL)
	}
	host := u.Host
	if usual := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]; strings.HasSuffix(host, usual) {
		host = strings.TrimSuffix(host, usual)
	}
	return u.Scheme + "://" + host, nil
}

// validHost says whether the host has only what names, addresses and ports have.
func validHost(u *url.URL) bool {
	return u.Hostname() != "" && !strings.HasSuffix(u.Host, ":") && strings.Trim(u.Host, "abcdefghijklmnopqrstuvwxyz0123456789-._:[]") == ""
}

// HostOf is the name or the address in a URL that Check has returned.
func HostOf(checked string) string {
	u, err := url.Parse(checked)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
