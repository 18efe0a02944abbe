// Lines that may have a password in them. They are never said by mistake, and nothing keeps them.

// Whatever stands in front of the verb: who quotes the help, or slips on a key, gives away as much.
const front = /^[^\p{L}\p{N}]*/u;
const verbs = /^(pass|login|register|oper)[\s:=]+\S/i;
const commands = { pass: "/login name password", login: "/login name password", register: "/register password", oper: "/oper name password" };

// isSecret says whether a line begins like a verb that takes a password, however it is written.
export function isSecret(line) {
  return verbs.test(bare(line));
}

// commandFor is how the command reads that such a line may have meant.
export function commandFor(line) {
  return commands[verbs.exec(bare(line))[1].toLowerCase()];
}

const bare = (line) => line.normalize("NFKC").replace(/\p{Cf}/gu, "").replace(front, "");
