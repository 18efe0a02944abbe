//go:build linux

package transfer

import (
	"time"

	"looproom/loop/budget"
	"looproom/loop/quota"
	"looproom/loop/rate"
)

// Sender is who sends a file.
type Sender struct {
	// Name is the one that the file is kept under.
	Name string
	// Address is what it counts for. The zero Key: nothing, as for who comes by a Unix socket.
	Address rate.Key
	// Account is the key of the sender's name, if that is registered; else "".
	Account string
}

// claim is what a file that is sent has been counted for.
type claim struct {
	size    int64
	address rate.Key
	account string
}

// claim counts a file of that size, or returns why it may not be sent.
func (s *Service) claim(size int64, from Sender) (claim, error) {
	c, limits, now := claim{size: size, address: from.Address, account: from.Account}, s.Limits(), s.Now()
	if !s.Budget.Take(budget.Uploads, uploadMemory) {
		return c, ErrNoMemory
	}
	if c.address != (rate.Key{}) {
		if wait, ok := s.addresses.Take(c.address, size, limits.PerAddress, now); !ok {
			s.Budget.Add(budget.Uploads, -uploadMemory)
			return c, overQuota(false, limits.PerAddress, wait)
		}
	}
	if c.account != "" {
		if wait, ok := s.accounts.Take(c.account, size, limits.PerAccount, now); !ok {
			c.account = ""
			s.endClaim(&c, false)
			return c, overQuota(true, limits.PerAccount, wait)
		}
	}
	return c, nil
}

func overQuota(account bool, most quota.Limit, wait time.Duration) error {
	return &QuotaError{Account: account, Wait: wait, Most: most.Bytes}
}

// endClaim is when an upload has ended. What it was counted for is given back if it isn't kept.
func (s *Service) endClaim(c *claim, kept bool) {
	s.Budget.Add(budget.Uploads, -uploadMemory)
	if kept {
		return
	}
	if c.address != (rate.Key{}) {
		s.addresses.Return(c.address, c.size)
	}
	if c.account != "" {
		s.accounts.Return(c.account, c.size)
	}
}
