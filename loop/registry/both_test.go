package registry

import (
	"looproom/loop/ban"
	"looproom/loop/secret"
)

// PutBan is SetBan and KeepBans.
func (r *Registry) PutBan(e ban.Entry, now int64) error {
	if err := r.SetBan(e, now); err != nil {
		return err
	}
	return r.KeepBans()
}

// LiftBan is UnsetBan and KeepBans.
func (r *Registry) LiftBan(t ban.Target, now int64) (had bool, err error) {
	if !r.UnsetBan(t, now) {
		return false, nil
	}
	return true, r.KeepBans()
}

// KeepVerifier is the change VerifierKept.
func (r *Registry) KeepVerifier(n Name, v secret.Verifier) {
	n.Verifier = v
	r.CarryOut(&Change{Kind: VerifierKept, Name: n})
}
