package registry

import (
	"errors"

	"looproom/loop/ban"
	"looproom/loop/room"
	"looproom/loop/secret"
)

// Each kind of change as a call of its own, for a server that is alone.

func (r *Registry) PutName(n Name) error { return r.CarryOut(&Change{Kind: NamePut, Name: n}) }

func (r *Registry) RemoveName(key string) (had bool, err error) {
	return hadIt(r.CarryOut(&Change{Kind: NameRemoved, Key: key}), ErrNoName)
}

// hadIt says whether there was what has been removed: it isn't where the error is none.
func hadIt(err, none error) (bool, error) {
	if errors.Is(err, none) {
		return false, nil
	}
	return true, err
}

func (r *Registry) Trust(key, digest string) error {
	return r.CarryOut(KeyChange(KeyTrusted, r.owner(key), digest))
}

func (r *Registry) Distrust(key, digest string) error {
	return r.CarryOut(KeyChange(KeyDistrusted, r.owner(key), digest))
}

// owner is the name with that key, whether it is registered or not.
func (r *Registry) owner(key string) Name {
	n, _ := r.Name(key)
	n.Key = key
	return n
}

func (r *Registry) AddCertificate(key string, f Fingerprint) error {
	return r.CarryOut(&Change{Kind: CertificateAdded, Key: key, Certificate: f})
}

func (r *Registry) RemoveCertificate(key string, f Fingerprint) error {
	return r.CarryOut(&Change{Kind: CertificateRemoved, Key: key, Certificate: f})
}

func (r *Registry) PutRoom(k *room.KeptRoom) error {
	return r.CarryOut(&Change{Kind: RoomPut, Room: k})
}

func (r *Registry) RemoveRoom(key string) (had bool, err error) {
	return hadIt(r.CarryOut(&Change{Kind: RoomRemoved, Key: key}), ErrNoRoom)
}

func (r *Registry) PutPerson(p *room.KeptPerson, rooms ...*room.KeptRoom) error {
	return r.CarryOut(&Change{Kind: PersonPut, Person: p, Rooms: rooms})
}

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
