package files

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"time"
)

// Entry is one file in all_received, and one line of the index.
type Entry struct {
	// Name is the label that the sender gave: any text, also empty, and not unique.
	Name string `json:"name"`
	// Sender is the label of who sent it.
	Sender string `json:"sender"`
	// Time is the one that Upload was called with, in UTC.
	Time time.Time `json:"time"`
	// Offset is where in all_received the file begins, in bytes.
	Offset int64 `json:"offset"`
	// Size is the file's length in bytes.
	Size int64 `json:"size"`
	// SHA256 is the SHA-256 of the file's bytes, 64 hexadecimal digits in lower case.
	SHA256 string `json:"sha256"`
	// Node is the server that has the file, of several that are one, "" for this one. Of one that is elsewhere nothing stands in all_received.
	Node string `json:"node,omitempty"`
}

// end is the offset of the byte behind what all_received has of the file.
func (e Entry) end() int64 {
	if e.Node != "" {
		return e.Offset
	}
	return e.Offset + e.Size
}

// ID tells the file apart from all others that the servers have, wherever they know of it: it is made of where it is, and of what is known of it but Offset. own is the name of this server.
func (e Entry) ID(own string) uint64 {
	if e.Node != "" {
		own = e.Node
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%q %q %q %d %d %s", own, e.Name, e.Sender, e.Time.UnixNano(), e.Size, e.SHA256)
	return h.Sum64()
}

// line is the entry as the index has it, with its line end.
func (e Entry) line() ([]byte, error) {
	line, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode index line: %w", err)
	}
	return append(line, '\n'), nil
}

// parseEntry reads an index line without its line end. The entry has to begin at offset, where the one before it ends.
func parseEntry(line []byte, offset int64) (Entry, error) {
	e, err := parseLine(line)
	if err == nil && e.Offset != offset {
		err = fmt.Errorf("offset is %d, and the files before it end at %d", e.Offset, offset)
	}
	return e, err
}

// parseLine is parseEntry for an entry that begins anywhere.
func parseLine(line []byte) (Entry, error) {
	var e Entry
	if err := json.Unmarshal(line, &e); err != nil {
		return Entry{}, err
	}
	if e.Size < 0 || e.Offset+e.Size < e.Offset {
		return Entry{}, fmt.Errorf("size %d is impossible", e.Size)
	}
	if sum, err := hex.DecodeString(e.SHA256); err != nil || len(sum) != 32 {
		return Entry{}, fmt.Errorf("%q is no SHA-256", e.SHA256)
	}
	return e, nil
}
