//go:build linux

package door

import (
	"fmt"
	"net/url"
	"strings"
)

// parseOrigins reads origins with commas between them, or several such lists.
func parseOrigins(values []string) (origins []string, err error) {
	for _, value := range values {
		for origin := range strings.SplitSeq(value, ",") {
			if !validOrigin(origin) {
				return nil, fmt.Errorf("origins=%s: %q is no origin; name those of the pages, such as https://chat.example, or * for any", value, origin)
			}
			origins = append(origins, strings.ToLower(origin))
		}
	}
	return origins, nil
}

func validOrigin(s string) bool {
	if s == "*" {
		return true
	}
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") && strings.EqualFold(s, u.Scheme+"://"+u.Host)
}
