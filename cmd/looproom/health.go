//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"looproom/cmd/program"
)

const aboutHealth = `Ask a running looproom, at its --admin, whether its event loops answer. It prints ok and ends with 0 if they do, and else says why and
ends with 1: for containers and scripts that have no curl.`

// healthFlags is the command line of looproom health.
type healthFlags struct {
	Admin   string        `placeholder:"HOST:PORT" env:"LOOPROOM_ADMIN" default:"127.0.0.1:7780" help:"Where the server has its --admin (${default}); without a host, this machine." example:"health --admin 127.0.0.1:7780"`
	Timeout time.Duration `placeholder:"DURATION" default:"3s" help:"How long to wait for the answer (${default})." example:"health --timeout 10s"`
}

func describeHealth() program.Command {
	return describeFlags(new(healthFlags), "health", aboutHealth, "Ask a running looproom whether it is well")
}

// askHealth is looproom health.
func askHealth(arguments []string, _ io.Reader, out io.Writer) error {
	var flags healthFlags
	parser, err := newTool(&flags, "health", aboutHealth, out)
	if err != nil {
		return err
	}
	if _, err := parser.Parse(arguments); err != nil {
		return fmt.Errorf("%w (looproom health --help explains)", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), flags.Timeout)
	defer cancel()
	said, err := flags.ask(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, said)
	return err
}

// ask returns what /healthz says when all is well.
func (f *healthFlags) ask(ctx context.Context) (string, error) {
	host, port, err := net.SplitHostPort(f.Admin)
	if err != nil {
		return "", fmt.Errorf("--admin %s: it is no HOST:PORT", f.Admin)
	}
	if address := net.ParseIP(host); host == "" || address.IsUnspecified() {
		host = "localhost" // an address that is listened at, and that nobody can be asked at
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return "", fmt.Errorf("--admin %s: %w", f.Admin, err)
	}
	answer, err := directly.RoundTrip(request)
	if err != nil {
		return "", fmt.Errorf("ask %s (has looproom that --admin?): %w", f.Admin, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	if err != nil {
		return "", fmt.Errorf("read the answer of %s: %w", f.Admin, err)
	}
	said := strings.TrimSpace(string(text))
	if answer.StatusCode != http.StatusOK {
		return "", errors.New(said)
	}
	return said, nil
}

// directly asks without the proxies that the environment names.
var directly = &http.Transport{DisableKeepAlives: true}
