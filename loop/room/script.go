package room

import (
	"maps"
	"slices"
	"unicode"
	"unicode/utf8"
)

// script is one of the scripts of Unicode, nil for what belongs to all or goes with what stands in front of it.
type script = *unicode.RangeTable

// scripts are all of them but Common and Inherited, the most frequent ones in front.
var scripts = sortScripts()

func sortScripts() []script {
	sorted := []script{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Arabic, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul}
	for _, name := range slices.Sorted(maps.Keys(unicode.Scripts)) {
		if s := unicode.Scripts[name]; s != unicode.Common && s != unicode.Inherited && !slices.Contains(sorted, s) {
			sorted = append(sorted, s)
		}
	}
	return sorted
}

// companions are the scripts that are written together with each other and with Latin: Japanese, Chinese with Bopomofo, Korean.
var companions = [][]script{
	{unicode.Latin, unicode.Han, unicode.Hiragana, unicode.Katakana},
	{unicode.Latin, unicode.Han, unicode.Bopomofo},
	{unicode.Latin, unicode.Han, unicode.Hangul},
}

// mixesScripts says whether name has letters of scripts that nobody writes together, as the level "highly restrictive" of UTS #39 has it. It
// looks for a script among all at most five times.
func mixesScripts(name string) bool {
	var found []script
	for _, r := range name {
		if r < utf8.RuneSelf && !isASCIILetter(r) || slices.ContainsFunc(found, func(s script) bool { return unicode.Is(s, r) }) {
			continue
		}
		if s := scriptOf(r); s != nil {
			if found = append(found, s); len(found) > 1 && !areCompanions(found) {
				return true
			}
		}
	}
	return false
}

func isASCIILetter(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' }

func scriptOf(r rune) script {
	if unicode.Is(unicode.Common, r) || unicode.Is(unicode.Inherited, r) {
		return nil
	}
	for _, s := range scripts {
		if unicode.Is(s, r) {
			return s
		}
	}
	return nil
}

func areCompanions(found []script) bool {
	return slices.ContainsFunc(companions, func(together []script) bool {
		return !slices.ContainsFunc(found, func(s script) bool { return !slices.Contains(together, s) })
	})
}
