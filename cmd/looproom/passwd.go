//go:build linux

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"unicode"

	"golang.org/x/term"

	"looproom/cmd/program"
	"looproom/loop/secret"
)

const aboutPasswd = `Hash a password. With the NAME of an operator it prints NAME:HASH, as the flag --operator takes it, and the config file in
operator = [...]. On a terminal it asks for the password twice; otherwise it reads one line. In a shell, put what it prints
into '', for there are $ in it.`

func describePasswd() program.Command {
	return program.Command{Name: "looproom passwd", Usage: "[NAME]", Summary: "Hash a password for the config file", About: aboutPasswd}
}

var (
	errPasswdUsage = errors.New("passwd takes one name at most (looproom passwd --help)")
	errDiffer      = errors.New("the two passwords differ; begin again")
	errInterrupted = errors.New("interrupted")
)

// makeHash is looproom passwd. It prints the hash of a password, with the name before it if one is given.
func makeHash(arguments []string, in io.Reader, out io.Writer) error {
	prefix, err := passwdPrefix(arguments)
	if errors.Is(err, errHelp) {
		c := describePasswd()
		return c.PrintHelp(out)
	}
	if err != nil {
		return err
	}
	password, err := readPassword(in)
	if err != nil {
		return err
	}
	if err := secret.Check(password, secret.MinPassword); err != nil {
		return err
	}
	hash, err := secret.Hash(password)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, prefix+hash); err != nil {
		return fmt.Errorf("print the hash: %w", err)
	}
	return nil
}

// errHelp is no error: the user asks what the tool does.
var errHelp = errors.New("help")

// passwdPrefix is what stands before the hash.
func passwdPrefix(arguments []string) (string, error) {
	switch {
	case len(arguments) == 0:
		return "", nil
	case arguments[0] == "--help" || arguments[0] == "-h":
		return "", errHelp
	case len(arguments) > 1 || strings.HasPrefix(arguments[0], "-"):
		return "", errPasswdUsage
	}
	name := arguments[0]
	if name == "" || strings.Contains(name, ":") || strings.ContainsFunc(name, unicode.IsSpace) {
		return "", fmt.Errorf("%q can't be the name of an operator: it must have no space and no colon", name)
	}
	return name + ":", nil
}

func readPassword(in io.Reader) (string, error) {
	if file, ok := in.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return askTwice(int(file.Fd()))
	}
	return readLine(in)
}

// longestLine is more than the longest password has bytes.
const longestLine = 4 << 10

// readLine reads a password that another program gives.
func readLine(in io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(in, longestLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password from standard input: %w", err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), nil
}

// askTwice asks a person. Whatever ends it, a signal too, the terminal shows again what is typed.
func askTwice(terminal int) (string, error) {
	before, err := term.GetState(terminal)
	if err != nil {
		return "", fmt.Errorf("ask for the password: %w", err)
	}
	defer term.Restore(terminal, before)
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(interrupts)

	first, err := ask(terminal, "Password: ", interrupts)
	if err != nil {
		return "", err
	}
	// Before the second time, so that nobody types twice what can't be.
	if err := secret.Check(first, secret.MinPassword); err != nil {
		return "", err
	}
	second, err := ask(terminal, "Again: ", interrupts)
	if err == nil && second != first {
		err = errDiffer
	}
	return first, err
}

// ask asks once. It prints to standard error: standard output has the hash alone.
func ask(terminal int, prompt string, interrupts <-chan os.Signal) (string, error) {
	type answer struct {
		password []byte
		err      error
	}
	answers := make(chan answer, 1)
	fmt.Fprint(os.Stderr, prompt)
	go func() {
		password, err := term.ReadPassword(terminal)
		answers <- answer{password, err}
	}()
	select {
	case a := <-answers:
		fmt.Fprintln(os.Stderr)
		if a.err != nil {
			return "", fmt.Errorf("ask for the password: %w", a.err)
		}
		return string(a.password), nil
	case <-interrupts:
		fmt.Fprintln(os.Stderr)
		return "", errInterrupted
	}
}
