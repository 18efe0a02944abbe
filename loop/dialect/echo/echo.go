package echo

// Append appends to dst the answer to frame, the same bytes, and returns the longer slice. frame is borrowed for the call; an empty
// frame has no answer.
func Append(dst, frame []byte) []byte {
	return append(dst, frame...)
}
