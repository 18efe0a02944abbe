package registry

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// unfinished stands behind the name of a file that is being written.
const unfinished = ".unfinished"

func (r *Registry) path(k kind) location {
	return location{k, filepath.Join(r.dir, k.name)}
}

// write puts a file with that content in the place of the one that is there, and returns when it is on the disk. On an error the old one
// is there, if nothing was replaced, or either.
func (r *Registry) write(k kind, content *lines) (replaced bool, err error) {
	path := r.path(k).path
	if err := writeNew(path+unfinished, seal(k.name, content.content.Bytes()), content.content.Bytes()); err != nil {
		os.Remove(path + unfinished)
		return false, fmt.Errorf("keep the %s: %w", k.name, err)
	}
	if err = os.Rename(path+unfinished, path); err == nil {
		replaced = true
		err = r.folder.Sync() // until then the new name could be gone after a loss of power
	}
	if err != nil {
		err = fmt.Errorf("keep the %s: %w", k.name, err)
	}
	return replaced, err
}

// writeNew writes a file and forces it to the disk.
func writeNew(path, first string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(first)
	if err == nil {
		_, err = file.Write(content)
	}
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// removeLeftovers removes the files that were being written when the server crashed.
func (r *Registry) removeLeftovers() error {
	for _, k := range []kind{bansFile, namesFile, trustFile, roomsFile, cloakFile, startFile} {
		if err := os.Remove(r.path(k).path + unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
