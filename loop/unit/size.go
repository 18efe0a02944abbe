package unit

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Size is a number of bytes.
type Size int64

// units are the words behind a size, in lower case, and how many binary digits each adds.
var units = map[string]int{
	"": 0, "b": 0,
	"k": 10, "kb": 10, "kib": 10,
	"m": 20, "mb": 20, "mib": 20,
	"g": 30, "gb": 30, "gib": 30,
}

// ParseSize reads 8192, 64k or 8KiB. A unit may be in any case, and is a power of 1,024 however it is written. The error says what is no size.
func ParseSize(text string) (Size, error) {
	word := strings.TrimSpace(text)
	digits := strings.TrimRight(word, "bikmgBIKMG ")
	shift, known := units[strings.ToLower(strings.TrimSpace(word[len(digits):]))]
	number, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !known || number < 0 || number > math.MaxInt64>>shift {
		return 0, fmt.Errorf("%q is not a size such as 8KiB, 64k or 8192", text)
	}
	return Size(number << shift), nil
}

// UnmarshalText is ParseSize, for flags.
func (s *Size) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSize(string(text))
	return err
}

// String writes the size as ParseSize reads it, in the largest unit that divides it.
func (s Size) String() string {
	for _, name := range []string{"GiB", "MiB", "KiB"} {
		if one := Size(1) << units[strings.ToLower(name)]; s != 0 && s%one == 0 {
			return strconv.FormatInt(int64(s/one), 10) + name
		}
	}
	return strconv.FormatInt(int64(s), 10)
}
