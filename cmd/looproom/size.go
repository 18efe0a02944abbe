//go:build linux

package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// size is a number of bytes on the command line.
type size int64

// units are the words behind a size, in lower case, and how many binary digits each adds.
var units = map[string]int{
	"": 0, "b": 0,
	"k": 10, "kb": 10, "kib": 10,
	"m": 20, "mb": 20, "mib": 20,
	"g": 30, "gb": 30, "gib": 30,
}

// UnmarshalText reads 8192, 64k or 8KiB. A unit may be in any case, and is a power of 1,024 however it is written.
func (s *size) UnmarshalText(text []byte) error {
	word := strings.TrimSpace(string(text))
	digits := strings.TrimRight(word, "bikmgBIKMG ")
	shift, known := units[strings.ToLower(strings.TrimSpace(word[len(digits):]))]
	number, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !known || number < 0 || number > math.MaxInt64>>shift {
		return fmt.Errorf("%q is not a size such as 8KiB, 64k or 8192", text)
	}
	*s = size(number << shift)
	return nil
}

// String writes the size in the largest unit that divides it.
func (s size) String() string {
	for _, unit := range []string{"GiB", "MiB", "KiB"} {
		if one := int64(1) << units[strings.ToLower(unit)]; s != 0 && int64(s)%one == 0 {
			return strconv.FormatInt(int64(s)/one, 10) + unit
		}
	}
	return strconv.FormatInt(int64(s), 10)
}
