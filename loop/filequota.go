//go:build linux

package loop

import (
	"time"

	"looproom/loop/budget"
	"looproom/loop/quota"
	"looproom/loop/rate"
	"looproom/loop/room"
)

// fileQuotas count the files that are sent, by address and by registered name. Safe for any goroutine.
type fileQuotas struct {
	addresses *quota.Ledger[rate.Key]
	accounts  *quota.Ledger[string] // by key of the name
}

func newFileQuotas() *fileQuotas {
	return &fileQuotas{addresses: quota.NewLedger[rate.Key](), accounts: quota.NewLedger[string]()}
}

// fileClaim is what a file that is sent has been counted for.
type fileClaim struct {
	size    int64
	address rate.Key
	hasOne  bool   // an address: who comes by a Unix socket has none
	account string // "": who sends it has no registered name
}

// claimFile counts a file of that size that p, called who, is about to send, or returns why it may not.
func (s *Server) claimFile(p *peer, who string, size int64) (fileClaim, *refusal) {
	claim, limit, now := fileClaim{size: size}, &s.limits.Load().Limits, s.clock()
	claim.address, claim.hasOne = keyOfPeer(p.address)
	if !s.budget.Take(budget.Uploads, uploadMemory) {
		return claim, &shortOfMemory
	}
	if key := room.NameKey(who); key != "" {
		if _, registered := s.registry.Name(key); registered {
			claim.account = key
		}
	}
	q, perAddress := s.fileQuotas, quota.Limit{Things: int64(limit.FilesPerAddress), Bytes: limit.FileBytesPerAddress}
	if claim.hasOne {
		if wait, ok := q.addresses.Take(claim.address, size, perAddress, now); !ok {
			s.budget.Add(budget.Uploads, -uploadMemory)
			return claim, overQuota("your address", perAddress, wait)
		}
	}
	perAccount := quota.Limit{Things: int64(limit.FilesPerAccount), Bytes: limit.FileBytesPerAccount}
	if claim.account != "" {
		if wait, ok := q.accounts.Take(claim.account, size, perAccount, now); !ok {
			s.budget.Add(budget.Uploads, -uploadMemory)
			if claim.hasOne {
				q.addresses.Return(claim.address, size)
			}
			return claim, overQuota(who, perAccount, wait)
		}
	}
	return claim, nil
}

// overQuota is the refusal of what would be allowed after wait.
func overQuota(whose string, most quota.Limit, wait time.Duration) *refusal {
	if wait < 0 {
		return &refusal{room.Quota, "that is more than " + whose + " may send in a day: " + byteCount(int(most.Bytes))}
	}
	return &refusal{room.Quota, whose + " has sent as much as it may for now; try again in " + max(wait, time.Second).Round(time.Second).String()}
}

// endClaim is when an upload has ended. What it was counted for is given back if it isn't kept.
func (s *Server) endClaim(claim *fileClaim, kept bool) {
	s.budget.Add(budget.Uploads, -uploadMemory)
	if kept {
		return
	}
	q := s.fileQuotas
	if claim.hasOne {
		q.addresses.Return(claim.address, claim.size)
	}
	if claim.account != "" {
		q.accounts.Return(claim.account, claim.size)
	}
}
