package store

// messagesSchema is what messages stand in. Ids are stored as storedID has them.
//
// A place is a room's, or the box of an account: its private messages; or nobody's, and then it is being erased. Messages stand by place, so that a page of a place's history is in a few pages of the file, the last of a place are written
// to where the ones before are, and a place is erased without a look at any other. Nothing finds a message but with its place: the right to read is in the key.
//
// The search indexes hold no text: words that begin with the number of the place they were said in (see appendTokens). So a search costs what was said in the places that it looks at, and a word
// that is common elsewhere costs nothing. received has what others wrote to the owner of a box, search all the rest, so that each has a message once, by its id.
const messagesSchema = `
CREATE TABLE accounts (number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE places (number INTEGER PRIMARY KEY AUTOINCREMENT, place INTEGER UNIQUE, owner INTEGER UNIQUE, room TEXT, rows INTEGER NOT NULL,
	last INTEGER NOT NULL) STRICT;
CREATE INDEX places_gone ON places (number) WHERE place IS NULL AND owner IS NULL;
CREATE TABLE messages (place INTEGER NOT NULL, id INTEGER NOT NULL, at INTEGER NOT NULL, kind INTEGER NOT NULL, account INTEGER, who TEXT NOT NULL, who_key TEXT, talk INTEGER, peer TEXT,
	text TEXT NOT NULL, PRIMARY KEY (place, id)) STRICT, WITHOUT ROWID;
CREATE TABLE talks (number INTEGER PRIMARY KEY AUTOINCREMENT, box INTEGER NOT NULL, key TEXT NOT NULL, UNIQUE (box, key)) STRICT;
CREATE TABLE spoken (talk INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (talk, id)) STRICT, WITHOUT ROWID;
CREATE TABLE speakers (account INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (account, place)) STRICT, WITHOUT ROWID;
CREATE INDEX speakers_place ON speakers (place);
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
CREATE VIRTUAL TABLE received USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
INSERT INTO search (search, rank) VALUES ('usermerge', 2);
INSERT INTO received (received, rank) VALUES ('usermerge', 2);
CREATE TABLE progress (what TEXT NOT NULL PRIMARY KEY, upto INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE forgetting (account TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
`
