// Package folder has what a server needs of the file system whatever it keeps there: a lock of a folder that belongs to one running server, how much is free where it is, and a way to read
// a file that can't make it wait. It knows nothing of what is kept.
package folder
