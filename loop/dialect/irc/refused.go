package irc

import "looproom/loop/room"

// refusal is how a client reads that something is not done: a numeric, with what stands between the client's nick and the words.
type refusal struct {
	code   int
	middle func(c *Client, r *request, e *room.Event) []string // nil: nothing
	words  string                                              // "": those of the line protocol, which say what to do
}

// refusals has those of reasons that are the same whatever was asked for.
var refusals = map[room.Reason]refusal{
	room.NameInUse:       {433, theName, "Nickname is already in use"},
	room.NameLooksLike:   {433, theName, ""},
	room.NameLooksOwned:  {433, theName, ""},
	room.NameOwned:       {433, theName, ""},
	room.NameBanned:      {432, theName, ""},
	room.NameLength:      {432, theName, "Erroneous nickname"},
	room.NameBegins:      {432, theName, "Erroneous nickname"},
	room.NameLikeAddress: {432, theName, "Erroneous nickname"},
	room.NameLikeAway:    {432, theName, "Erroneous nickname"},
	room.NameLetters:     {432, theName, "Erroneous nickname"},
	room.NameSeparates:   {432, theName, "Erroneous nickname"},
	room.NameMarks:       {432, theName, "Erroneous nickname"},
	room.NameScripts:     {432, theName, "Erroneous nickname"},
	room.EnterFirst:      {451, nil, "You have not registered"},
	room.AlreadyCalled:   {462, nil, "You may not reregister"},
	room.PasswordNeeded:  {464, nil, "Password incorrect"},
	room.NotHere:         {401, theWho, "No such nick/channel"},
	room.KnownOnly:       {531, theWho, ""},
	room.NotInRoom:       {403, theWho, "No such channel"},
	room.OperatorsOnly:   {481, nil, "Permission Denied- You're not an IRC operator"},
	room.NoOperators:     {491, nil, "No O-lines for your host"},
	room.LineOverLimit:   {417, nil, "Input line was too long"},
}

// ends are the codes behind which nothing follows.
var ends = map[room.Code]bool{
	room.Kicked: true, room.Banned: true, room.LoggedOut: true, room.LoggedInElsewhere: true, room.Closing: true, room.SignInTimeout: true, room.WrongProtocol: true,
}

// closes says whether nothing follows behind a refusal that answers nobody. Others with the codes of these are warnings.
func closes(why room.Reason) bool {
	return ends[why.Code()] || why == room.TooMuchWaits || why == room.EmptyRecords || why == room.HoldsTooMuch
}

func theName(_ *Client, r *request, e *room.Event) []string {
	if r != nil && len(r.params) > 0 {
		return []string{r.params[0]}
	}
	return []string{orStar(e.Who)}
}

func theWho(_ *Client, _ *request, e *room.Event) []string { return []string{orStar(e.Who)} }

// refused tells that something is not done.
func refused(c *Client, w *writer, r *request, e *room.Event) {
	if e.Why == room.PutOutOfRoom {
		c.kicked(w, e)
		return
	}
	if r != nil && r.row == &enterRow {
		if c.enters, c.want = false, ""; e.Why == room.PasswordNeeded {
			w.numeric(464, "Password incorrect")
			c.hangsUp(w, "Password incorrect")
			return
		}
		if e.Why == room.EnterFirst { // to be away, as it hasn't become a user
			return
		}
	}
	if r != nil && r.row.refused != nil && r.row.refused(c, w, r, e) {
		return
	}
	if e.Why == room.KickedOut {
		killed(c, w, e)
		return
	}
	if r == nil && closes(e.Why) {
		w.plain("ERROR", "Closing link: ("+c.wordsOf(e)+") ["+string(e.Why.Code())+"]")
		return
	}
	if r == nil && (e.Why == room.LogWaits || e.Why == room.LogGoesOn || e.Why == room.LogIsAway) { // nothing is refused yet
		w.send("NOTICE", orStar(c.nick), c.wordsOf(e))
		return
	}
	if e.Why == room.NoPasswordNeeded { // PASS where none is wanted
		return
	}
	how, known := refusals[e.Why]
	if !known {
		how = refusal{code: 400, middle: theCommand}
	}
	var params []string
	if how.middle != nil {
		params = how.middle(c, r, e)
	}
	if how.words == "" {
		how.words = c.wordsOf(e)
	}
	w.numeric(how.code, append(params, how.words)...)
}

func theCommand(_ *Client, r *request, _ *room.Event) []string {
	if r == nil {
		return []string{"*"}
	}
	return []string{r.command}
}

// ownWords are those of refusals whose usual ones name what a client of IRC would not say.
var ownWords = map[room.Reason]string{
	room.LogInFirst:      "Log in first, by SASL",
	room.AccountFirst:    "This is for who has an account: log in by SASL, or REGISTER * * password",
	room.KnownOnly:       "They take messages only from who has an account: log in by SASL, or REGISTER * * password",
	room.LettersUnkept:   "Messages to you are kept once you have an account: REGISTER * * password, or log in by SASL",
	room.NameOwned:       "Nickname belongs to an account: log in to it by SASL",
	room.NameOfNobody:    "They have no account",
	room.FounderStays:    "The founder stays until it gives the channel to another by +q",
	room.RoomBanNotThere: "They are not on the list",
}

// wordsOf is what people are told of a refusal.
func (c *Client) wordsOf(e *room.Event) string {
	if words := ownWords[e.Why]; words != "" {
		return words
	}
	return c.server().Words(&room.Refusal{Why: e.Why, Who: e.Who, Room: e.RoomName, Text: e.Text, N: e.N})
}

// killed is the last that a client is told whom an operator has disconnected.
func killed(c *Client, w *writer, e *room.Event) {
	by := e.Who
	if by == "" {
		by = c.server().Name
	}
	words := operatorWords(e.Text)
	w.source(by)
	w.send("KILL", c.nick, words)
	w.plain("ERROR", "Closing link: ("+orStar(c.nick)+") [Killed ("+by+" ("+words+"))]")
}
