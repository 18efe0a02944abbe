package store

import (
	"encoding/json"
	"errors"
	"slices"

	"looproom/loop/ban"
	"looproom/loop/room"
	"looproom/loop/secret"
)

// The tables of records.
var (
	metaTable    = newTable("meta", 1, column{"key", words}, column{"value", digest})
	namesTable   = newTable("names", 1, column{"key", words}, column{"shown", words}, column{"hash", words}, column{"since", count})
	trustedTable = newTable("trusted", 1, column{"account", words}, column{"digests", digest})
	bansTable    = newTable("bans", 3, column{"target", words}, column{"named", count}, column{"shun", count}, column{"until", count}, column{"since", count}, column{"by", words}, column{"words", words})
	roomsTable   = newTable("rooms", 1, column{"key", words}, column{"name", words}, column{"topic", words}, column{"topic_by", words}, column{"topic_at", count}, column{"place", msgID}, column{"rights", words})
	personsTable = newTable("persons", 1, column{"account", words}, column{"name", words}, column{"rooms", words}, column{"took", msgID}, column{"since", count}, column{"is_away", count}, column{"away", words})
	marksTable   = newTable("marks", 2, column{"account", words}, column{"key", words}, column{"shown", words}, column{"read", msgID})
	// verifiersTable has what names have besides, certificatesTable what trustedTable has of clients' keys.
	verifiersTable    = newTable("verifiers", 1, column{"account", words}, column{"verifier", words})
	certificatesTable = newTable("certificates", 1, column{"account", words}, column{"digests", digest})
	// openedTable has when rooms were opened.
	openedTable = newTable("opened", 1, column{"key", words}, column{"at", count})
	// metadataTable has that of accounts, roomMetadataTable that of rooms.
	metadataTable     = newTable("metadata", 2, column{"account", words}, column{"key", words}, column{"value", words})
	roomMetadataTable = newTable("room_metadata", 1, column{"room", words}, column{"keys", words})
	recordTables      = []*table{metaTable, namesTable, trustedTable, bansTable, roomsTable, personsTable, marksTable, verifiersTable, certificatesTable, openedTable, metadataTable, roomMetadataTable}
)

var errRecord = errors.New("it isn't a record as looproom writes it")

// storedID is the id of a message or a place as SQLite has it, whose numbers are signed: ids stand in their order.
func storedID(id uint64) int64 { return int64(id ^ 1<<63) }

// idOf is what storedID has made of an id.
func idOf(stored int64) uint64 { return uint64(stored) ^ 1<<63 }

// Name is a name that belongs to whoever has its password.
type Name struct {
	Key   string // the form in which names are compared
	Shown string // as its owner writes it
	Hash  string // of the password
	Since int64  // the second of wall clock in which it was registered
	// Verifier is of the password as well; the zero value: there is none yet.
	Verifier secret.Verifier
}

func (n Name) row() row { return row{text(n.Key), text(n.Shown), text(n.Hash), numeral(n.Since)} }

func nameOf(r row) Name {
	return Name{Key: r[0].words, Shown: r[1].words, Hash: r[2].words, Since: r[3].number}
}

// digestBytes is the length of what stands for a key, or a certificate, that opens an account.
const digestBytes = 32

func digestsRow(account string, digests [][digestBytes]byte) row {
	all := make([]byte, 0, len(digests)*digestBytes)
	for _, d := range digests {
		all = append(all, d[:]...)
	}
	return row{text(account), text(string(all))}
}

func digestsOf(r row) (account string, digests [][digestBytes]byte, err error) {
	all := []byte(r[1].words)
	if len(all) == 0 || len(all)%digestBytes != 0 {
		return "", nil, errRecord
	}
	for one := range slices.Chunk(all, digestBytes) {
		digests = append(digests, [digestBytes]byte(one))
	}
	return r[0].words, digests, nil
}

func verifierOf(r row) (account string, v secret.Verifier, err error) {
	if v, err = secret.ParseVerifier(r[1].words); err != nil {
		err = errRecord
	}
	return r[0].words, v, err
}

func banRow(e ban.Entry) row {
	return append(banKey(e.Target, e.Shun), numeral(e.Until), numeral(e.Since), text(e.By), text(e.Words))
}

func banKey(t ban.Target, shun bool) row {
	return row{text(t.String()), truth(t.Name != ""), truth(shun)}
}

func banOf(r row) (e ban.Entry, err error) {
	e = ban.Entry{Shun: r[2].number != 0, Until: r[3].number, Since: r[4].number, By: r[5].words, Words: r[6].words}
	if r[1].number != 0 {
		e.Target.Name = r[0].words
		return e, nil
	}
	e.Target, err = ban.ParseKept(r[0].words)
	return e, err
}

// right is one right of a room as it stands in its row.
type right struct {
	Kind  string `json:"kind"`
	Of    string `json:"of,omitempty"`
	By    string `json:"by,omitempty"`
	At    int64  `json:"at"`
	Until int64  `json:"until,omitempty"`
	Text  string `json:"text,omitempty"`
	Stays bool   `json:"stays,omitempty"`
}

// rightWords are the kinds of rights as they are stored.
var rightWords = []string{
	room.RightFounder: "founder", room.RightOperator: "op", room.RightVoice: "voice", room.RightBan: "ban", room.RightInvite: "invite", room.RightKept: "kept",
	room.RightMuted: "muted", room.RightLocked: "locked", room.RightKey: "key", room.RightTopic: "topic",
	room.RightExcept: "except", room.RightInvex: "invex", room.RightLimit: "limit", room.RightSecret: "secret", room.RightOutside: "open", room.RightNoCTCP: "noctcp",
}

func roomRow(k *room.KeptRoom) row {
	rights := make([]right, len(k.Rights))
	for i, h := range k.Rights {
		rights[i] = right{Kind: rightWords[h.Kind], Of: h.Target, By: h.By, At: h.At, Until: h.Until, Text: h.Text, Stays: h.Stays}
	}
	return row{text(k.Key), text(k.Name), text(k.Topic), text(k.TopicBy), numeral(k.TopicAt), numeral(storedID(uint64(k.Place))), inJSON(rights)}
}

func roomOf(r row) (*room.KeptRoom, error) {
	k := &room.KeptRoom{Key: r[0].words, Name: r[1].words, Topic: r[2].words, TopicBy: r[3].words, TopicAt: r[4].number, Place: room.PlaceID(idOf(r[5].number))}
	var rights []right
	if err := json.Unmarshal([]byte(r[6].words), &rights); err != nil {
		return nil, errRecord
	}
	for _, h := range rights {
		of := slices.Index(rightWords, h.Kind)
		if of < 1 {
			return nil, errRecord
		}
		k.Rights = append(k.Rights, room.Right{Kind: room.RightKind(of), Target: h.Of, By: h.By, At: h.At, Until: h.Until, Text: h.Text, Stays: h.Stays})
	}
	if !k.InBounds() {
		return nil, errRecord
	}
	return k, nil
}

// inJSON is a list of what has words and numbers only, so that it can't fail.
func inJSON(list any) cell {
	made, err := json.Marshal(list)
	if err != nil {
		panic(err)
	}
	return text(string(made))
}

func personRow(p *room.KeptPerson) row {
	rooms := p.Rooms
	if rooms == nil {
		rooms = []string{}
	}
	return row{text(p.Account), text(p.Name), inJSON(rooms), numeral(storedID(uint64(p.Took))), numeral(p.Since), truth(p.IsAway), text(p.Away)}
}

func personOf(r row) (*room.KeptPerson, error) {
	p := &room.KeptPerson{
		Account: r[0].words, Name: r[1].words, Keeps: true, Took: room.MsgID(idOf(r[3].number)), Since: r[4].number, IsAway: r[5].number != 0, Away: r[6].words,
	}
	if err := json.Unmarshal([]byte(r[2].words), &p.Rooms); err != nil {
		return nil, errRecord
	}
	return p, nil
}

func markRow(m room.KeptMark) row {
	return row{text(m.Account), text(m.Key), text(m.Shown), numeral(storedID(uint64(m.Read)))}
}

func markOf(r row) room.KeptMark {
	return room.KeptMark{Account: r[0].words, Key: r[1].words, Shown: r[2].words, Read: room.MsgID(idOf(r[3].number))}
}

// keyValue is a key of a room's metadata as it stands in its row.
type keyValue struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func roomMetadataRow(k *room.KeptRoom) row {
	keys := make([]keyValue, len(k.Metadata))
	for i, one := range k.Metadata {
		keys[i] = keyValue(one)
	}
	return row{text(k.Key), inJSON(keys)}
}

func roomMetadataOf(r row) (key string, all []room.KeyValue, err error) {
	var keys []keyValue
	if err := json.Unmarshal([]byte(r[1].words), &keys); err != nil || len(keys) > room.MaxMetadata {
		return "", nil, errRecord
	}
	for _, one := range keys {
		all = append(all, room.KeyValue(one))
	}
	return r[0].words, all, nil
}
