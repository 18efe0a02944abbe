package room

// verb is what a Verb is. A Verb without do belongs to no user: Apply does it.
type verb struct {
	name  string // for the log: in upper case as people know it, or what has happened
	do    func(turn)
	needs needs
	is    traits
}

// traits are further properties of a verb.
type traits uint8

const (
	asks   traits = 1 << iota // an Asked follows, in any case and exactly one
	long                      // its answer can be much longer than the line that asks for it
	first                     // it works for who has not said the server's password
	early                     // it works for newcomers
	stirs                     // it shows that its user is there
	secret                    // its Text is for nobody, or for one other user alone
)

// table has all verbs.
var table [verbs]verb

func init() { // the functions lead back to the table
	table = [verbs]verb{
		Connect:      {name: "connect"},
		Disconnect:   {name: "disconnect", do: doDisconnect, is: first},
		Tick:         {name: "tick"},
		Configure:    {name: "configure"},
		LimitHistory: {name: "limit history"},
		Start:        {name: "start"},
		Refuse:       {name: "refuse", do: doRefuse, is: first | stirs},
		Stored:       {name: "stored", do: doStored},
		Reply:        {name: "telnet", do: doReply, is: first},

		Admit:         {name: "admit", do: doAdmit, is: first},
		Grant:         {name: "grant", do: doGrant},
		LogIn:         {name: "log in", do: doLogIn, needs: toBeHeard, is: early},
		Registered:    {name: "registered"},
		Unregistered:  {name: "unregistered"},
		RoomKept:      {name: "room kept"},
		PersonKept:    {name: "person kept"},
		RestoreRoom:   {name: "restore room"},
		Remember:      {name: "remember"},
		RestorePerson: {name: "restore person"},
		Restored:      {name: "restored"},
		Forgotten:     {name: "forgotten"},
		RoomCleared:   {name: "room cleared"},
		MessageErased: {name: "message erased"},
		SetBan:        {name: "set ban"},
		SetShun:       {name: "set shun"},
		BanClient:     {name: "ban client", do: doBanClient, is: first},
		ShunClient:    {name: "shun client", do: doShunClient, is: first},

		Enter:     {"ENTER", doEnter, 0, early | stirs | long},
		SignIn:    {"ADD", doSignIn, 0, stirs | secret},
		Nick:      {"NICK", doNick, toBeHeard, stirs},
		Say:       {"TEXT", doSay, 0, stirs},
		Plea:      {"TEXT", doPlea, 0, stirs},
		Tell:      {"TEXT TO", doTell, 0, stirs | secret},
		Act:       {"ME", doAct, 0, stirs},
		List:      {"LIST", doList, 0, stirs | long},
		Rooms:     {"ROOMS", doRooms, 0, stirs | long},
		Who:       {"WHO", doWho, 0, stirs | long},
		Whois:     {"WHOIS", doWhois, 0, stirs | long},
		Names:     {"NAMES", doNames, 0, stirs | long},
		WhoAre:    {"WHO MANY", doWhoAre, 0, stirs | long},
		TopicOf:   {"TOPIC OF", doTopicOf, 0, stirs | long},
		Whowas:    {"WHOWAS", doWhowas, 0, stirs | long},
		SetReal:   {"SETNAME", doSetReal, toBeHeard, stirs},
		Lookup:    {"LOOKUP", doLookup, 0, stirs | long},
		Count:     {"COUNT", doCount, 0, stirs},
		Wallops:   {"WALLOPS", doWallops, anOperator, stirs},
		Join:      {"JOIN", doJoin, 0, stirs | long | secret},
		Part:      {"PART", doPart, 0, stirs},
		Govern:    {"ROOM", doGovern, 0, stirs | long | secret},
		PutOutOf:  {"ROOM KICK", doPutOut, toBeHeard, stirs},
		KeepRoom:  {"ROOM KEEP", doKeepRoom, toBeHeard, stirs | asks},
		ClearRoom: {"ROOM CLEAR", doClearRoom, toBeHeard, stirs | asks},
		Topic:     {"TOPIC", doTopic, 0, stirs | long},
		Away:      {"AWAY", doAway, toBeHeard | aName, stirs},
		Back:      {"BACK", doBack, toBeHeard | aName, stirs},
		Recent:    {"RECENT", doRecent, 0, stirs | long},
		History:   {"HISTORY", doHistory, 0, stirs | long},
		Search:    {"SEARCH", doSearch, 0, stirs | long | secret},
		Export:    {"EXPORT", doExport, 0, stirs | long},
		Redact:    {"REDACT", doRedact, toBeHeard, stirs | asks},
		Targets:   {"HISTORY TARGETS", doTargets, 0, stirs | long},
		Send:      {"SEND", doSend, toBeHeard | aVoice, stirs},
		Files:     {"FILES", doFiles, 0, stirs | long},
		Get:       {"GET", doGet, 0, stirs | long},
		IDs:       {"IDS", doIDs, 0, stirs},
		Ping:      {"PING", doPing, 0, first},
		Confirm:   {"TEXT ID", doConfirm, 0, 0},
		Help:      {"HELP", doHelp, 0, stirs | first | long},
		End:       {"END", doEnd, 0, stirs | first},

		MonitorAdd:    {"MONITOR +", doMonitorAdd, 0, long},
		MonitorDrop:   {"MONITOR -", doMonitorDrop, 0, 0},
		MonitorClear:  {"MONITOR C", doMonitorClear, 0, 0},
		MonitorList:   {"MONITOR L", doMonitorList, 0, long},
		MonitorStatus: {"MONITOR S", doMonitorStatus, 0, long},
		MonitorMore:   {"MONITOR MORE", doMonitorMore, 0, 0},

		MetadataGet:   {"METADATA GET", doMetadataGet, 0, early | long},
		MetadataSet:   {"METADATA SET", doMetadataSet, toBeHeard, early},
		MetadataClear: {"METADATA CLEAR", doMetadataClear, toBeHeard, early},
		MetadataSync:  {"METADATA SYNC", doMetadataSync, 0, early | long},
		MetadataSub:   {"METADATA SUB", doMetadataSub, 0, early | long},
		MetadataUnsub: {"METADATA UNSUB", doMetadataUnsub, 0, early},
		MetadataSubs:  {"METADATA SUBS", doMetadataSubs, 0, early},

		Pass:         {"PASS", doPass, 0, stirs | asks | first | secret},
		Register:     {"REGISTER", doRegister, 0, stirs | asks | secret | early},
		Login:        {"LOGIN", doLogin, toBeHeard, stirs | asks | secret | early},
		Sessions:     {"SESSIONS", doSessions, 0, stirs | long},
		Logout:       {"LOGOUT", doLogout, 0, stirs},
		Keep:         {"KEEP", doKeep, 0, stirs | asks},
		Read:         {"READ", doRead, 0, 0},
		Unregister:   {"UNREGISTER", doUnregister, 0, stirs | asks},
		Forget:       {"FORGET", doForget, 0, stirs | asks},
		Trust:        {"TRUST", doTrust, 0, stirs | asks | secret},
		Distrust:     {"TRUST OFF", doTrust, 0, stirs | asks | secret},
		LoginBy:      {"LOGIN CERT", doLogin, toBeHeard, stirs | asks | early},
		Scram:        {"LOGIN SCRAM", doLogin, toBeHeard, stirs | asks | secret | early},
		TrustCert:    {"TRUST CERT", doTrust, 0, stirs | asks},
		DistrustCert: {"TRUST CERT OFF", doTrust, 0, stirs | asks},
		Certs:        {"TRUST CERT LIST", doTrust, 0, stirs | asks},
		Oper:         {"OPER", doOper, 0, stirs | asks | secret},
		Kick:         {"KICK", doKick, anOperator, stirs},
		Ban:          {"BAN", doBan, anOperator, stirs | asks},
		Shun:         {"SHUN", doBan, anOperator, stirs | asks},
		Unban:        {"UNBAN", doUnban, anOperator, stirs | asks},
		Bans:         {"BANS", doOperate, anOperator, stirs | asks},
		Stats:        {"STATS", doOperate, anOperator, stirs | asks},
		Drain:        {"DRAIN", doOperate, anOperator, stirs | asks},

		Modes:       {"MODE", doModes, 0, stirs | long},
		Mark:        {"MODE OF", doMark, 0, stirs},
		Invitations: {"INVITE", doInvitations, 0, stirs | long},
		RenameRoom:  {"ROOM RENAME", doRenameRoom, toBeHeard | aVoice | aName, stirs | long},

		NodeGone: {name: "node gone"},
	}
}

// row is the verb's row of the table, an empty one if it has none.
func (v Verb) row() *verb {
	if v >= verbs {
		v = 0
	}
	return &table[v]
}

func (v *verb) has(t traits) bool { return v.is&t != 0 }

// Asks says whether an Asked follows a command with that verb, in any case and exactly one.
func (v Verb) Asks() bool { return v.row().has(asks) }

// AnswersLong says whether its answer can be much longer than the line that asks for it.
func (v Verb) AnswersLong() bool { return v.row().has(long) }

// HasSecret says whether the Text of a command with that verb is for nobody, or for one other user alone. It must not be logged.
func (v Verb) HasSecret() bool { return v.row().has(secret) }

// String is its name for the log.
func (v Verb) String() string {
	if name := v.row().name; name != "" {
		return name
	}
	return "other"
}
