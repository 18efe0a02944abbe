// Package program is what the programs of looproom have in common besides their work: the line of --version, the text of --help, man pages
// and shell completions. All of them are made from one description of the command line, a Command, which in turn is made from
// kong's model of the flags, so that none of them can lag behind.
//
// It knows nothing of chat, and only packages main below cmd import it.
package program
