package line

import "strconv"

// appendOnline ends a notice with the number of users: " (1 user online)", " (19,412 users online)".
func appendOnline(dst []byte, n int) []byte {
	dst = appendGrouped(append(dst, " ("...), n)
	if n == 1 {
		return append(dst, " user online)\n"...)
	}
	return append(dst, " users online)\n"...)
}

// appendGrouped writes n for people, with commas between thousands. n isn't negative.
func appendGrouped(dst []byte, n int) []byte {
	if n < 1000 {
		return appendInt(dst, n)
	}
	dst = append(appendGrouped(dst, n/1000), ',')
	low := n % 1000
	return append(dst, byte('0'+low/100), byte('0'+low/10%10), byte('0'+low%10))
}

// appendInt writes n for programs.
func appendInt(dst []byte, n int) []byte {
	return strconv.AppendInt(dst, int64(n), 10)
}
