package line

import (
	"looproom/codec/plain"
	"looproom/loop/dialect"
	"looproom/loop/room"
)

// form is how one kind of event reads.
type form struct {
	inRoom bool // belongs to a room, whose name stands in front where it isn't the current one
	lines  func(dst []byte, e *room.Event) []byte
}

// forms has what every kind of event says. Those without one are for whoever delivers events.
var forms = [...]form{
	room.Entered:   {true, appendEntered},
	room.Left:      {true, appendLeft},
	room.Renamed:   {false, appendRenamed},
	room.WentAway:  {false, appendWentAway},
	room.CameBack:  {false, appendCameBack},
	room.TopicSet:  {true, appendTopicSet},
	room.Digest:    {true, appendDigest},
	room.Said:      {true, appendSaid},
	room.Acted:     {true, appendActed},
	room.Whispered: {false, appendWhispered},
	room.Removed:   {false, appendRemoved},
	room.JoinedToo: {false, appendJoinedToo},
	room.LeftToo:   {false, appendLeftToo},
	room.ToldToo:   {false, appendToldToo},
	room.Governed:  {true, appendGoverned},
	room.Invited:   {false, appendInvited},

	room.RoomRenamed: {true, appendRoomRenamed},

	room.Done:        {false, appendDone},
	room.Welcomed:    {false, appendWelcomed},
	room.SignedIn:    {false, appendSignedIn},
	room.Nicked:      {false, appendNicked},
	room.Listed:      {false, appendListed},
	room.RoomList:    {false, appendRoomList},
	room.Described:   {false, appendDescribed},
	room.SessionList: {false, appendSessionList},
	room.Keeping:     {false, appendKeeping},
	room.Missed:      {false, appendHistory},
	room.ReadUpTo:    {false, appendReadUpTo},
	room.Joined:      {false, appendJoined},
	room.TopicIs:     {false, appendTopicIs},
	room.Recalled:    {false, appendHistory},
	room.Ponged:      {false, appendPonged},
	room.Hinted:      {false, appendHinted},
	room.Replied:     {false, appendReplied},
	room.Confirmed:   {false, appendConfirmed},
	room.IDsAre:      {false, appendIDsAre},
	room.Helped:      {false, appendHelped},
	room.Kept:        {false, appendKept},
	room.Refused:     {false, appendRefused},
	room.Bye:         {false, appendBye},

	room.HistoryList: {false, appendHistory},
	room.SearchList:  {false, appendHistory},
	room.ExportList:  {false, appendHistory},
	room.FileList:    {false, appendFileList},
	room.FileFollows: {false, appendFileFollows},

	room.Admitted:   {false, appendAdmitted},
	room.LoggedIn:   {false, appendLoggedIn},
	room.KickedUser: {false, appendKickedUser},
	room.GovernDone: {false, appendGovernDone},
	room.RightList:  {false, appendRightList},
	room.BanList:    {false, appendBanList},
	room.BanSet:     {false, appendBanSet},
	room.BanLifted:  {false, appendBanLifted},
	room.StatList:   {false, appendStatList},
	room.Draining:   {false, appendDraining},
	room.CertList:   {false, appendCertList},
}

// Append appends to dst what e says to a client of its audience that reads it so: whole lines that end in LF, nothing for an event that tells
// clients nothing, or the bytes of a room.Replied. e is borrowed for the call. Whatever its
// strings hold, plain.Clean of them is what goes out. An event that is Continued has no head. A message of several lines is told as so many messages, one behind the other, with the same id, and several rights as one by one.
// Append allocates nothing but a larger dst, and an event for such a message.
func (Dialect) Append(dst []byte, e *room.Event, as dialect.Reader) []byte {
	if int(e.Kind) >= len(forms) || forms[e.Kind].lines == nil {
		return dst
	}
	if e.Programs {
		return dst
	}
	if isMessage(e.Kind) && plain.IsSeveral(e.Text) {
		return appendLines(dst, e, as)
	}
	if (e.Kind == room.Governed || e.Kind == room.GovernDone) && len(e.List) > 1 {
		return appendRights(dst, e, as)
	}
	return appendOne(dst, e, as)
}

// appendRights is appendOne for each right of several that somebody has given or taken at once. That there was another founder before a new one need not be told.
func appendRights(dst []byte, e *room.Event, as dialect.Reader) []byte {
	one := *e
	for i := range e.List {
		if row := &e.List[i]; row.Right != room.RightFounder || !row.Off {
			one.List = e.List[i : i+1]
			dst = appendOne(dst, &one, as)
		}
	}
	return dst
}

// isMessage says whether what somebody says is told by events of the kind.
func isMessage(k room.Kind) bool {
	return k == room.Said || k == room.Acted || k == room.Whispered || k == room.ToldToo
}

// appendLines is appendOne for each line of a message.
func appendLines(dst []byte, e *room.Event, as dialect.Reader) []byte {
	one := *e
	for line := range plain.Lines(e.Text) {
		one.Text = line
		dst = appendOne(dst, &one, as)
	}
	return dst
}

// appendOne is Append of an event that has words.
func appendOne(dst []byte, e *room.Event, as dialect.Reader) []byte {
	f := &forms[e.Kind]
	lines := f.lines
	if as.IDs && isMessage(e.Kind) {
		dst = appendID(dst, e.ID)
	}
	if as.IDs {
		switch e.Kind {
		case room.Recalled, room.Missed, room.HistoryList, room.SearchList, room.ExportList:
			lines = appendHistoryWithIDs
		case room.Confirmed:
			lines = appendConfirmedWithID
		}
	}
	if e.Kind == room.RoomRenamed && as.Here {
		lines = appendHereRenamed
	}
	if f.inRoom && !as.Here {
		dst = append(appendText(dst, e.RoomName), ' ')
	}
	return lines(dst, e)
}
