//go:build !race && linux

package main

// buildFlags build the client as the tests are built.
var buildFlags []string
