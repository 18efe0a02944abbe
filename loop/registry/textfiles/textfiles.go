package textfiles

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"looproom/loop/store"
)

// Retired stands behind the name of a file that has been taken over.
const Retired = ".before-db"

// unfinished stands behind the name of a file that was being written when looproom crashed.
const unfinished = ".unfinished"

// kind is one of the files.
type kind struct {
	name    string
	without string // what happens if it is moved away
}

var (
	bansFile  = kind{"bans", "start without bans"}
	namesFile = kind{"names", "start without registered names"}
	trustFile = kind{"trusted", "have everybody log in by password once more"}
	roomsFile = kind{"rooms", "start without the rooms that were kept"}
	cloakFile = kind{"cloak.key", "have a new key made, with which everybody's cloak is another one"}
	startFile = kind{"start", "number this start by the clock alone: where that has gone back, ids of messages may come again"}

	kinds = []kind{bansFile, namesFile, trustFile, roomsFile, cloakFile, startFile}
)

// Read reads what is there of the files in dir. Without any it is empty. The error, one line, names the file that can't be used and says what to do. It writes nothing.
func Read(dir string) (c store.Contents, err error) {
	if c.Bans, err = readFile(dir, bansFile, readBan); err != nil {
		return c, err
	}
	if c.Names, err = readFile(dir, namesFile, readName); err != nil {
		return c, err
	}
	trusted, err := readFile(dir, trustFile, readKeys)
	if err != nil {
		return c, err
	}
	if c.Rooms, err = readFile(dir, roomsFile, readRoom); err != nil {
		return c, err
	}
	if c.CloakKey, err = readCloakKey(dir); err != nil {
		return c, err
	}
	c.Start, err = readStart(dir)
	c.Trusted = keysByName(trusted, c.Names)
	return c, err
}

// Retire gives the files that are in dir other names, and removes what a crash has left of them half written. Where some have other names already it does the rest: a crash may come at any
// point. It fails where there is a file by both names; then looproom has kept two folders in one, and somebody has to say which counts.
func Retire(dir string) error {
	renamed := false
	for _, k := range kinds {
		path := filepath.Join(dir, k.name)
		if err := remove(path + unfinished); err != nil {
			return err
		}
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if _, err := os.Lstat(path + Retired); err == nil {
			return fmt.Errorf("%s: what was in %s has been taken over already; move this one away, it counts for nothing beside the database", path, k.name+Retired)
		}
		if err := os.Rename(path, path+Retired); err != nil {
			return err
		}
		renamed = true
	}
	if renamed {
		return syncFolder(dir)
	}
	return nil
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// syncFolder forces the names in the folder to the disk.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
