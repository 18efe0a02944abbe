// What the server says for people who write to it by hand, in the words of the page: its commands begin with a slash.

const verbs = "ROOM KEEP SESSIONS LOGOUT LIST ROOMS WHO JOIN PART TOPIC AWAY BACK RECENT FILES GET REGISTER UNREGISTER LOGIN NICK OPER KICK BAN SHUN UNBAN BANS STATS DRAIN HELP PING ME";
const others = new Map([["TEXT TO", "/msg"], ["HELP MORE", "/help"], ["TEXT", "/say"], ["ADD", "/nick"], ["SEND", "/send"], ["END", "/quit"], ["PASS", "/login"]]);
const named = new RegExp(`(^|[\\s(;:,])(${[...others.keys(), ...verbs.split(" ")].join("|")})(?=$|[\\s.,;:)])`, "g");

// What these say begins with a name, which is written as it is.
const nameFirst = new Set(["no-such-user", "name-taken", "name-registered", "not-registered"]);

// refusalText is what a refusal says, from its code and the server's words.
export function refusalText({ code, text }) {
  const words = (text || code).replace(named, (_, before, verb) => before + (others.get(verb) ?? `/${verb.toLowerCase()}`));
  return nameFirst.has(code) ? words : words[0].toUpperCase() + words.slice(1);
}

// Each says why one can't come in; why is what the server says.
const atTheDoor = new Map([
  ["need-password", () => "This server has a password."],
  ["wrong-password", () => "The name or the password is wrong."],
  ["too-many-attempts", (why) => `Too many passwords have been tried from your address. ${sentence(why)}`],
  ["bad-password", (why) => `That can't be the password. ${sentence(why)}`],
  ["name-registered", () => "That name belongs to someone. If it is yours, give its password."],
  ["not-registered", () => "Nobody has registered that name. Come in without its password."],
  ["names-off", () => "This server registers no names. Come in without a password."],
  ["name-taken", () => "Someone here has that name already. Take another one."],
  ["bad-name", (why) => `That can't be a name. ${sentence(why)}`],
  ["bad-argument", () => "That can't be a name: it would have no spaces."],
  ["need-name", () => "This server is for people with a name. Give yours."],
  ["busy", () => "The server has too much to do just now. Try again."],
  ["banned", () => "An operator of this server keeps you, or this name, out."],
  ["kicked", (why) => `You were disconnected: ${why || "by an operator"}.`],
  ["logged-in-elsewhere", () => "You have come in from elsewhere by this name, so you have left here."],
  ["signed-out", () => "You are not signed in on this device any more. Give your password."],
  ["logged-out", () => "You have signed out here from elsewhere."],
  ["sign-in-timeout", () => "It took too long to come in. Try again."],
  ["server-full", () => "The server is full. Try again later."],
  ["too-many-connections", () => "There are too many connections from your address. Try again later."],
  ["connecting-too-fast", () => "Your address connects too often. Try again in a minute."],
]);

// doorText is why one is not let in.
export function doorText({ code, text }) {
  return atTheDoor.get(code)?.(text) ?? refusalText({ code, text });
}

function sentence(words) {
  return words ? `${words[0].toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}` : "";
}
