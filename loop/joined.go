//go:build linux

package loop

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
)

// The files in the folder of the log that say whose it is what this node keeps.
const (
	// joinedName is there when it is what the cluster keeps.
	joinedName = "joined"
	// leftName is there when the server has been by itself since it was one of a cluster.
	leftName = "left"
)

func joinedPath(folder, name string) string { return filepath.Join(folder, "journal", name) }

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// keeping is what a server keeps, and whose that is.
type keeping struct {
	server *Server
	folder string // of Cluster; "": nothing says whose it is
}

// any says whether this server keeps anything that people would miss.
func (k keeping) any() bool {
	kept := k.server.registry
	return kept.Keeps() && (kept.CountNames()+kept.Bans().Len()+len(kept.Rooms()) > 0 || keptUpTo(k.server) > 0)
}

// isOwn says whether that is not known to be what the cluster keeps.
func (k keeping) isOwn() bool {
	return k.folder != "" && k.any() && !isThere(joinedPath(k.folder, joinedName))
}

// key tells what this server keeps from what others do: two have the same if one has a copy of what the other has.
func (k keeping) key() string {
	if isThere(joinedPath(k.folder, leftName)) {
		return leftName // and by itself it has kept more
	}
	sum := sha256.Sum256(k.server.registry.CloakKey())
	return hex.EncodeToString(sum[:8])
}

// noteJoined is when this node has the state of the cluster, and keeps what the others do.
func (k keeping) noteJoined() error {
	if k.folder == "" {
		return nil
	}
	path := joinedPath(k.folder, joinedName)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.Remove(joinedPath(k.folder, leftName)); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.WriteFile(path, []byte("What this server keeps is what the cluster does.\n"), 0o600)
}

// NoteAlone is for a server that is started by itself: what it keeps from now on is not what a cluster does that it may have been one of. folder is that of Cluster.Folder.
func NoteAlone(folder string) error {
	err := os.Rename(joinedPath(folder, joinedName), joinedPath(folder, leftName))
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

// keptUpTo is how far this node keeps what was said: the number of the last message, 0 if it keeps none.
func keptUpTo(s *Server) uint64 {
	if s.cfg.Store == nil {
		return 0
	}
	last, err := s.cfg.Store.LastMessage()
	if err != nil {
		s.log.Error().Err(err).Msg("how far messages are kept could not be looked up")
	}
	return uint64(last)
}
