// Package files keeps the files that clients send. All of them stand whole, one behind the other, in one file,
// DIR/all_received, in the order in which they were complete; DIR/all_received.index beside it has one JSON object per
// line that says whose each stretch of bytes is. Files that are still arriving wait in DIR/incoming. DIR/all_received.names
// is how entries are found, by name and by age, without the index in memory.
//
// The package knows nothing of sockets, rooms, protocols or event loops. A file's name is a label in the index: no path
// is ever made from it.
//
// # Goroutines
//
// A Store has two goroutines of its own. The writer does every disk write, so that appends never meet; the reader does
// every disk read. Upload, Total, List, Find, Read and Release may be called from anywhere, an event loop too: none of them
// waits for the disk. Open, Close and Upload.Receive wait, and belong on goroutines that may.
//
// # Several servers
//
// The index also has lines of files that other servers have, each with its Node: they are listed and found as any other, count among the files, and nothing of them stands in all_received. Note adds them. Fetch has one of them here for a
// while, in a file of DIR/incoming without a name, for those who get it.
//
// # What a crash leaves
//
// A file counts from the moment its index line is whole on the disk, and Receive returns only then. The bytes reach the
// disk before their line is written, so whatever stands behind the last indexed byte, an index line without its end,
// and all of DIR/incoming are leftovers of something unfinished. Open removes them and says so.
//
// DIR/all_received.names is never forced to the disk. It may be removed while no store has it open: Open makes anew what is
// missing or wrong of it, from the index. So it is quick (0.1 to 0.5 s for a million files) as long as the table is there,
// and takes some 3 s for a million files where it isn't.
//
// # A disk that fails
//
// Behind a failed fsync the kernel may show, and acknowledge, what the disk doesn't have. So from then on the store reads back from the disk what
// it has forced there, until it is opened anew, and Open reads from the disk and not from the kernel's memory.
//
// # Caveats
//
// A file of several pieces is on the disk twice for a moment: in DIR/incoming and, while it is appended, in
// all_received. What is in memory is half a megabyte, however many files there are; on the disk each has some 250 bytes of
// index and 40 of table.
package files
