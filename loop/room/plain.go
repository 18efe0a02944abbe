package room

// What is answered without a look at the chat, or done by the server.

func doDisconnect(t turn) {
	t.out.parting = t.cmd.Text
	t.endSession(t.u, t.cmd.Client, t.cmd.N)
}

func doEnd(t turn) {
	t.answer(Event{Kind: Bye})
	t.out.parting = t.cmd.Text
	t.endSession(t.u, t.cmd.Client, 0)
}

func doPing(t turn)  { t.answer(Event{Kind: Ponged, Text: t.cmd.Text}) }
func doHelp(t turn)  { t.answer(Event{Kind: Helped, Text: t.cmd.Text}) }
func doFiles(t turn) { t.answer(Event{Kind: FilesAsked, N: t.cmd.N}) }
func doGet(t turn)   { t.answer(Event{Kind: FileAsked, Text: t.cmd.Name}) }
func doReply(t turn) { t.answer(Event{Kind: Replied, Text: t.cmd.Text}) }

func doIDs(t turn) {
	if s := t.session(); t.cmd.Off {
		s.unset(ids)
	} else {
		s.set(ids)
	}
	t.answer(Event{Kind: IDsAre, On: !t.cmd.Off})
}

func doRefuse(t turn) { t.refuse(t.cmd.Refusal()) }

func doSend(t turn) {
	t.answer(Event{Kind: UploadAsked, Who: t.u.name, Text: t.cmd.Name, N: t.cmd.N})
}

func doStored(t turn) {
	t.answer(Event{Kind: Kept, Who: t.cmd.Name, Text: t.cmd.Text, N: t.cmd.N})
}
