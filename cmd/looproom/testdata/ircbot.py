"""A bot on Python's irc library: it pours tea for who asks, repeats what it is told in private, comes where it is invited, and prints what happens.

usage: ircbot.py ADDRESS PORT NICK ROOM...
"""
import sys

import irc.bot


class Waiter(irc.bot.SingleServerIRCBot):
    def __init__(self, address, port, nick, rooms):
        super().__init__([irc.bot.ServerSpec(address, port)], nick, "waits at table")
        self.rooms = rooms
        for event in ("join", "part", "kick", "nick", "quit", "mode", "topic", "invite", "action", "privnotice", "pubnotice", "currenttopic", "error"):
            self.connection.add_global_handler(event, tell, -20)

    def on_welcome(self, connection, event):
        print("welcome:", event.arguments[0], flush=True)
        for room in self.rooms:
            connection.join(room)

    def on_endofnames(self, connection, event):
        room = self.channels[event.arguments[0]]
        print("names:", event.arguments[0], *sorted(room.users()), "with", *sorted({*room.owners(), *room.opers()}), flush=True)

    def on_pubmsg(self, connection, event):
        if event.arguments[0] == "tea, please":
            connection.privmsg(event.target, "one tea for " + event.source.nick)
            connection.action(event.target, "pours")
            connection.notice(event.source.nick, "enjoy it")

    def on_privmsg(self, connection, event):
        connection.privmsg(event.source.nick, "you said: " + event.arguments[0])

    def on_invite(self, connection, event):
        connection.join(event.arguments[0])


def tell(connection, event):
    who = str(event.source).partition("!")[0]  # of an action it is no NickMask
    print(event.type + ":", who, event.target, *event.arguments, flush=True)


Waiter(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]).start()
