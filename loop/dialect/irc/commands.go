package irc

import "looproom/loop/room"

// command is one row of the table of commands.
type command struct {
	name   string
	needs  int  // how many parameters it has at least; else 461
	early  bool // it works before the client is a user
	asks   bool // the server's accounts are asked
	goesOn bool // what stands behind it is understood without its answer
	do     func(a *asking)
	// refused tells why it is not done, if that reads differently from what it is elsewhere; false: it doesn't. nil: never.
	refused func(c *Client, w *writer, r *request, e *room.Event) bool
}

// talkRow is the row of what the server answers by itself, whatever its command is, or if it is none.
var talkRow = command{goesOn: true}

// ownRow is the row of what the server answers by itself although its command asks the accounts elsewhere.
var ownRow = command{early: true}

// enterRow is the row of what has a client become a user.
var enterRow = command{early: true}

// commands has all by name.
var commands map[string]*command

func init() { // the functions lead back to the table
	commands = map[string]*command{
		"CAP":  {early: true, do: doCap},
		"PASS": {early: true, needs: 1, asks: true, do: doPass, refused: wrongPass},
		"NICK": {early: true, do: doNick},
		"USER": {early: true, needs: 4, do: doUser},
		"PING": {early: true, do: doPing, goesOn: true},
		"PONG": {early: true, do: doPong, goesOn: true},
		"QUIT": {early: true, do: doQuit},

		"AUTHENTICATE": {early: true, needs: 1, asks: true, do: doAuthenticate, refused: refusedSASL},
		"REGISTER":     {early: true, needs: 3, asks: true, do: doRegister, refused: refusedRegister},
		"VERIFY":       {early: true, needs: 2, do: doVerify},
		"CERT":         {needs: 1, asks: true, do: doCert, refused: refusedCert},

		"JOIN":   {needs: 1, do: doJoin, refused: refusedRoom, goesOn: true},
		"PART":   {needs: 1, do: doPart, refused: refusedRoom, goesOn: true},
		"TOPIC":  {needs: 1, do: doTopic, refused: refusedRoom, goesOn: true},
		"NAMES":  {do: doNames, goesOn: true},
		"KICK":   {needs: 2, do: doKick, refused: refusedKick, goesOn: true},
		"INVITE": {do: doInvite, refused: refusedInvite, goesOn: true},
		"MODE":   {needs: 1, do: doMode, refused: refusedMode, goesOn: true},
		"RENAME": {needs: 2, do: doRename, refused: refusedRename, goesOn: true},

		"PRIVMSG": {do: doPrivmsg, refused: refusedMessage, goesOn: true},
		"TAGMSG":  {do: doTagmsg, refused: refusedMessage, goesOn: true},
		"NOTICE":  {do: doNotice, refused: refusedMessage, goesOn: true},
		"BATCH":   {needs: 1, do: doBatch, refused: refusedMessage, goesOn: true},

		"CHATHISTORY": {do: doHistory, refused: refusedHistory, goesOn: true},
		"REDACT":      {needs: 2, asks: true, do: doRedact, refused: refusedRedact},
		"PERSISTENCE": {asks: true, do: doPersistence, refused: refusedPersistence},
		"MARKREAD":    {do: doMarkRead, refused: refusedMark, goesOn: true},

		"WHO":      {do: doWho, goesOn: true},
		"WHOIS":    {do: doWhois, refused: refusedWhois, goesOn: true},
		"WHOWAS":   {do: doWhowas, goesOn: true},
		"USERHOST": {needs: 1, do: doLookup, goesOn: true},
		"ISON":     {needs: 1, do: doLookup, goesOn: true},
		"MONITOR":  {needs: 1, do: doMonitor, goesOn: true},
		"LIST":     {do: doList, goesOn: true},
		"METADATA": {early: true, needs: 2, do: doMetadata, refused: refusedMetadata, goesOn: true},

		"AWAY":    {early: true, do: doAway, goesOn: true},
		"SETNAME": {needs: 1, do: doSetName, refused: refusedSetName, goesOn: true},

		"MOTD":     {do: doMOTD, goesOn: true},
		"LUSERS":   {do: doLusers, goesOn: true},
		"VERSION":  {do: doVersion, goesOn: true},
		"ISUPPORT": {early: true, do: doSupport, goesOn: true},
		"TIME":     {do: doTime, goesOn: true},
		"INFO":     {do: doInfo, goesOn: true},
		"LINKS":    {do: doLinks, goesOn: true},
		"ADMIN":    {do: doAdmin, goesOn: true},
		"STATS":    {needs: 1, do: doStats, goesOn: true},
		"HELP":     {do: doHelp, goesOn: true},
		"HELPOP":   {do: doHelp, goesOn: true},
		"USERS":    {do: doUsers, goesOn: true},
		"SUMMON":   {do: doSummon, goesOn: true},

		"OPER":    {needs: 2, asks: true, do: doOper, refused: refusedOper},
		"KILL":    {needs: 1, do: doKill, goesOn: true},
		"WALLOPS": {needs: 1, do: doWallops, goesOn: true},
		"CONNECT": {do: doRunServer, goesOn: true},
		"DIE":     {do: doRunServer, goesOn: true},
		"REHASH":  {do: doRunServer, goesOn: true},
		"RESTART": {do: doRunServer, goesOn: true},
		"SQUIT":   {do: doRunServer, goesOn: true},
	}
	for name, row := range commands {
		row.name = name
	}
}
