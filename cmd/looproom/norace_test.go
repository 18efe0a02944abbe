//go:build !race

package main_test

// buildFlags build the server as the tests are built.
var buildFlags []string
