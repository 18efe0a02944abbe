// Package textfiles reads the folder of a looproom that kept what outlives it in text files, before there was a database: once, when the database is made. It knows nothing of the database, and
// writes nothing but other names.
//
// # Files
//
// The folder has bans, names, trusted, rooms, cloak.key and start. Each begins with a line like
//
//	looproom bans 1 sha256=0f3a...
//
// which has the version of the format and the sum of all that follows: one JSON object per line, in order, as looproom wrote it and no other way. A file that isn't there is an empty one; one
// that is damaged, or was edited, is refused.
//
// When what was read is safe elsewhere, Retire has each file called as before, with .before-db behind it.
package textfiles
