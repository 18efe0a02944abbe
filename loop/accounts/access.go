//go:build linux

package accounts

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"looproom/loop/room"
	"looproom/loop/secret"
)

// Access is the passwords that an operator of the server sets. It can be changed while it runs, by Accounts.SetAccess.
type Access struct {
	// Password is the hash of what newcomers must say before they are in the chat; "": nothing.
	Password string
	// Operators are the hashes of the operators' passwords by their names, which are compared as those of users. It must not be changed
	// any more.
	Operators map[string]string
	// PasswordMin is how many characters a password that somebody registers has at least. 0: secret.MinPassword.
	PasswordMin int
}

// access is Access with what follows from it. It is never changed, but replaced.
type access struct {
	Access
	shared    *secret.Shared      // nil: there is no password
	operators map[string]operator // by the key of the name
}

type operator struct{ name, hash string }

func (a Access) open() (*access, error) {
	full := &access{Access: a, operators: map[string]operator{}}
	if a.Password != "" {
		if err := secret.Valid(a.Password); err != nil {
			return nil, fmt.Errorf("password: %w", err)
		}
		full.shared = secret.NewShared(a.Password)
	}
	for name, hash := range a.Operators {
		key := room.NameKey(name)
		if key == "" {
			return nil, fmt.Errorf("operator %q: an operator's name is one that a user could have", name)
		}
		if err := secret.Valid(hash); err != nil {
			return nil, fmt.Errorf("operator %s: %w", name, err)
		}
		full.operators[key] = operator{name, hash}
	}
	return full, nil
}

// SetAccess changes the passwords. A new one for newcomers holds for those who come later; who is an operator by a name that is no
// longer one's is none any more, once the room has the new Rules. The error says which hash can't be one, and then nothing has changed. It must not be called twice at once.
func (a *Accounts) SetAccess(to Access) error {
	full, err := to.open()
	if err != nil {
		return err
	}
	if now := a.access.Load(); now.Password == full.Password {
		full.shared = now.shared
	}
	a.access.Store(full)
	return nil
}

// PasswordMin is how many characters a password that somebody registers has at least just now.
func (a *Accounts) PasswordMin() int { return cmp.Or(a.access.Load().PasswordMin, secret.MinPassword) }

// Rules returns cfg with what the passwords mean for the room.
func (a *Accounts) Rules(cfg room.Config) room.Config {
	access := a.access.Load()
	cfg.NeedPassword = access.shared != nil
	cfg.Operators = slices.Sorted(maps.Keys(access.Operators))
	return cfg
}
