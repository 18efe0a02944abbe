package textfiles

import "errors"

// cloakBytes is the length of the key of the cloaks.
const cloakBytes = 32

var errCloak = errors.New("there must be one key of 32 bytes")

// cloakLine is the key as it stands in its file, in base64.
type cloakLine struct {
	Key []byte `json:"key"`
}

// readCloakKey returns nil if there is no file.
func readCloakKey(dir string) ([]byte, error) {
	keys, err := readFile(dir, cloakFile, readCloakLine)
	if err != nil || keys == nil {
		return nil, err
	}
	if len(keys) != 1 {
		return nil, refuse(dir, cloakFile, errCloak)
	}
	return keys[0].Key, nil
}

func readCloakLine(line []byte, _ *cloakLine) (cloakLine, error) {
	l, err := decode[cloakLine](line)
	if err == nil && len(l.Key) != cloakBytes {
		err = errCloak
	}
	return l, err
}
