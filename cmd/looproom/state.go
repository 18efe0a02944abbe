//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"looproom/cmd/program"
	"looproom/loop/registry/textfiles"
	"looproom/loop/store"
)

const aboutState = `What the folder of --state has. All but import can be had while a server runs on it, which is then asked.

  looproom state check DIR                  whether all of it can be read and is as it was written; if not, what to do
  looproom state export DIR                 all of it as lines of JSON, to standard output or --output
  looproom state import DIR                 and back, from standard input or --input, into an empty folder or a new one
  looproom state backup DIR FILE            a copy of the database, which SQLite makes: put it into a folder as looproom.db`

// stateFlags is the command line of looproom state.
type stateFlags struct {
	What   string `arg:"" enum:"check,export,import,backup" help:"check, export, import or backup."`
	Dir    string `arg:"" help:"The folder of --state."`
	File   string `arg:"" optional:"" help:"Of a backup: where it is to be."`
	Output string `placeholder:"FILE" help:"Of an export: a file that isn't there yet; without it, standard output." example:"state export /var/lib/looproom/state --output state.jsonl"`
	Input  string `placeholder:"FILE" help:"Of an import: a file; without it, standard input." example:"state import ./state --input state.jsonl"`
}

func describeState() program.Command {
	return describeFlags(new(stateFlags), "state", aboutState, "Check, export, import or back up the folder of --state")
}

// doState is looproom state.
func doState(arguments []string, in io.Reader, out io.Writer) error {
	var f stateFlags
	parser, err := newTool(&f, "state", aboutState, out)
	if err != nil {
		return err
	}
	if _, err := parser.Parse(arguments); err != nil {
		return fmt.Errorf("%w (looproom state --help explains)", err)
	}
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer cancel()
	switch f.What {
	case "export":
		return writeTo(f.Output, out, func(to io.Writer) error { return read(ctx, f.Dir, "export", to) })
	case "import":
		return f.fill(ctx, in)
	case "backup":
		if f.File == "" {
			return errors.New("state backup: say where the copy is to be: looproom state backup DIR FILE")
		}
		return backUp(ctx, f.Dir, f.File)
	}
	return read(ctx, f.Dir, "check", out)
}

// Validate is called by kong when all is read.
func (f *stateFlags) Validate() error {
	switch {
	case f.File != "" && f.What != "backup":
		return fmt.Errorf("state %s takes a folder, and no file behind it", f.What)
	case f.Output != "" && f.What != "export":
		return errors.New("--output is of an export")
	case f.Input != "" && f.What != "import":
		return errors.New("--input is of an import")
	}
	return nil
}

// read writes what somebody wants to know of a folder: the server that has it is asked, or else the database is opened.
func read(ctx context.Context, dir, what string, to io.Writer) error {
	err := askControl(ctx, dir, what, to)
	if !errors.Is(err, errNoServer) {
		return err
	}
	s, err := openThere(dir, store.Options{Damaged: what == "export"})
	if err != nil {
		return err
	}
	if what == "export" {
		err = s.Export(ctx, to)
	} else {
		err = checkStore(ctx, s, to)
	}
	return errors.Join(err, s.Close())
}

// backUp makes a file that is a copy of the database.
func backUp(ctx context.Context, dir, path string) error {
	err := writeTo(path, nil, func(to io.Writer) error { return askControl(ctx, dir, "backup", to) })
	if !errors.Is(err, errNoServer) {
		return err
	}
	s, err := openThere(dir, store.Options{})
	if err != nil {
		return err
	}
	return errors.Join(s.Backup(ctx, path), s.Close())
}

// openThere opens a database that there is: looking at a folder must not make one.
func openThere(dir string, o store.Options) (*store.Store, error) {
	if _, err := os.Stat(filepath.Join(dir, store.FileName)); err == nil {
		return store.Open(dir, o)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	old, err := textfiles.Read(dir)
	if err != nil {
		return nil, fmt.Errorf("there is no %s yet, and what an earlier looproom has left can't be taken over: %w", store.FileName, err)
	}
	if old.CloakKey != nil {
		return nil, fmt.Errorf("%s has no %s yet, but what an earlier looproom has left, and that can be read; the server takes it over when it starts", dir, store.FileName)
	}
	return nil, fmt.Errorf("%s has no %s: it is not the folder of --state, or no server has run on it", dir, store.FileName)
}

// checkStore says that all is well, and how much there is, or what is wrong.
func checkStore(ctx context.Context, s *store.Store, to io.Writer) error {
	if err := s.Check(ctx); err != nil {
		return err
	}
	kept, err := s.Contents()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(to, "%s is well: %d names, %d bans, %d rooms\n", filepath.Join(s.Dir(), store.FileName), len(kept.Names), len(kept.Bans), len(kept.Rooms))
	return err
}

// fill makes a folder of an export. What has failed leaves nothing behind.
func (f *stateFlags) fill(ctx context.Context, in io.Reader) error {
	if f.Input != "" {
		file, err := os.Open(f.Input)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	if there, err := os.ReadDir(f.Dir); err == nil && len(there) > 0 {
		return fmt.Errorf("%s is not empty: what is imported needs a folder of its own", f.Dir)
	}
	s, err := store.Open(f.Dir, store.Options{})
	if err != nil {
		return err
	}
	err = errors.Join(s.Import(ctx, in), s.Close())
	if err != nil {
		for _, behind := range []string{"", "-wal", "-shm", "-journal"} {
			_ = os.Remove(filepath.Join(f.Dir, store.FileName+behind))
		}
	}
	return err
}

// writeTo has something written to a new file, which is there when it is whole and on the disk, or with "" to out.
func writeTo(path string, out io.Writer, write func(io.Writer) error) error {
	if path == "" {
		return write(out)
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is there already", path)
	}
	file, err := os.OpenFile(path+".unfinished", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err = write(file); err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err == nil || errors.Is(err, store.ErrLeftOut) { // what can be saved is worth having
		return errors.Join(err, os.Rename(file.Name(), path))
	}
	return errors.Join(err, os.Remove(file.Name()))
}
