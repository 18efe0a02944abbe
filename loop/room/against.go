package room

// What holds against a user in a room: at most MaxRoomBans bans and MaxExceptions exceptions are looked at each time.

// meant returns the first right of the kind that holds, is so, and is for who looks so; nil if there is none.
func (l *roomRights) meant(kind RightKind, as *look, now int64, is func(*held) bool) *held {
	if i := l.find(kind, func(h *held) bool { return is(h) && !h.over(now) && h.target.means(as) }); i >= 0 {
		return &l.all[i]
	}
	return nil
}

func anyBan(*held) bool     { return true }
func mutes(h *held) bool    { return h.target.mutes }
func keepsOut(h *held) bool { return !h.target.mutes }
func putsOut(h *held) bool  { return !h.target.mutes && !h.Stays }

// spares says whether one of the exceptions that are so is for who looks so.
func (l *roomRights) spares(as *look, now int64, is func(*held) bool) bool {
	return l.meant(RightExcept, as, now, is) != nil
}

// banOf returns the ban that keeps u out, nil if there is none.
func (l *roomRights) banOf(u *user, account string, now int64) *held {
	return l.against(u, account, now, keepsOut)
}

// against returns the ban of those that are so which holds against u, nil if none does.
func (l *roomRights) against(u *user, account string, now int64, is func(*held) bool) *held {
	if !l.has(RightBan) {
		return nil
	}
	as := lookAs(u, account)
	ban := l.meant(RightBan, as, now, is)
	switch {
	case ban == nil || l.spares(as, now, keepsOut):
		return nil
	case l.spares(as, now, mutes): // from those that mute alone
		return l.meant(RightBan, as, now, func(h *held) bool { return is(h) && !h.target.mutes })
	}
	return ban
}

// invites says whether u comes in although the room is locked.
func (l *roomRights) invites(u *user, account string, now int64) bool {
	return l.meant(RightInvex, lookAs(u, account), now, keepsOut) != nil
}
