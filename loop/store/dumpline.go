package store

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"looproom/loop/room"
)

// shape is what stands in a line of an export: one JSON object, with its kind and one field for each column, in this order.
type shape struct {
	kind    string
	columns []column
}

// The lines of an export that are no records: the first, the last, and those of messages. A letter is one side's copy of a private message. Its sent is a sum of 1 for the sender's, 2 for an action and 4 for
// a notice; the action of a message in a room is 1 for one, 2 more for a notice, and 4 for what is no message but an event.
var (
	headShape    = shape{"looproom", []column{{"format", count}}}
	tailShape    = shape{"end", []column{{"lines", count}}}
	messageShape = shape{"message", []column{
		{"place", msgID}, {"room", words}, {"id", msgID}, {"at", count}, {"account", words}, {"who", words}, {"who_key", words}, {"action", count}, {"text", words},
	}}
	letterShape = shape{"letter", []column{
		{"owner", words}, {"id", msgID}, {"at", count}, {"sent", count}, {"with", words}, {"with_shown", words}, {"account", words}, {"who", words}, {"who_key", words}, {"text", words},
	}}
)

// exportFormat is the one that is written; all from 1 to it are read. Each kind of line that an older looproom doesn't know makes a new one: 2 has verifiers and certificates, 3 when rooms were opened, 4 notices, and
// private messages that are actions, 5 metadata, and events of rooms.
const exportFormat = 5

// shape is that of the table's rows.
func (t *table) shape() shape { return shape{t.name, t.columns} }

// notText is how words stand in a line that are not UTF-8.
type notText struct {
	Base64 []byte `json:"base64"`
}

// append appends a row as a line.
func (s shape) append(dst []byte, r row) []byte {
	dst = fmt.Appendf(dst, `{"kind":%q`, s.kind)
	for i, c := range s.columns {
		dst = fmt.Appendf(dst, `,%q:`, c.name)
		switch {
		case c.kind == count:
			dst = strconv.AppendInt(dst, r[i].number, 10)
		case c.kind == msgID:
			dst = fmt.Appendf(dst, `"%v"`, room.MsgID(idOf(r[i].number)))
		case c.kind == digest:
			dst = fmt.Appendf(dst, `"%s"`, base64.StdEncoding.EncodeToString([]byte(r[i].words)))
		case utf8.ValidString(r[i].words):
			dst = appendJSON(dst, r[i].words)
		default:
			dst = appendJSON(dst, notText{[]byte(r[i].words)})
		}
	}
	return append(dst, "}\n"...)
}

// appendJSON appends words or bytes, so that it can't fail.
func appendJSON(dst []byte, value any) []byte {
	var made bytes.Buffer
	encoder := json.NewEncoder(&made)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return append(dst, bytes.TrimSuffix(made.Bytes(), []byte("\n"))...)
}

var errLine = errors.New("it isn't a line as looproom state export writes it")

// kindOf is the kind of a line, and its fields.
func kindOf(line []byte) (kind string, fields map[string]json.RawMessage, err error) {
	if json.Unmarshal(line, &fields) != nil || json.Unmarshal(fields["kind"], &kind) != nil {
		return "", nil, errLine
	}
	return kind, fields, nil
}

// row reads the fields of a line, each of which must be there, and no other.
func (s shape) row(fields map[string]json.RawMessage) (row, error) {
	if len(fields) != len(s.columns)+1 {
		return nil, errLine
	}
	r := make(row, len(s.columns))
	for i, c := range s.columns {
		var err error
		if r[i], err = c.read(fields[c.name]); err != nil {
			return nil, fmt.Errorf("%w: %s", errLine, c.name)
		}
	}
	return r, nil
}

func (c column) read(field json.RawMessage) (cell, error) {
	switch c.kind {
	case count:
		n, err := strconv.ParseInt(string(field), 10, 64)
		return numeral(n), err
	case digest:
		var made []byte
		err := json.Unmarshal(field, &made)
		return text(string(made)), err
	}
	var made string
	if bytes.HasPrefix(field, []byte("{")) && c.kind == words {
		var other notText
		err := json.Unmarshal(field, &other)
		return text(string(other.Base64)), err
	}
	if err := json.Unmarshal(field, &made); err != nil || c.kind == words {
		return text(made), err
	}
	id, ok := room.ParseMsgID(made)
	if !ok {
		return cell{}, errLine
	}
	return numeral(storedID(uint64(id))), nil
}
