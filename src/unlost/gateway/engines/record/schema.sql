-- A device record. Times are seconds since 1970, UTC. Ids and addresses are the other side's: stored, never trusted.

CREATE TABLE IF NOT EXISTS about (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO about SELECT 'identity', lower(hex(randomblob(8))) WHERE NOT EXISTS (SELECT 1 FROM about WHERE name = 'identity');

-- A message stanza. `parts`: encrypted parts in it; `told`: those that became events; `unread`: those that could not be read.
-- `done`: every part is accounted for and at least one was told. `given_up`: its `message.unrecovered` stands in `event`.
CREATE TABLE IF NOT EXISTS seen (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    chat TEXT NOT NULL,
    sender TEXT NOT NULL,
    addresses TEXT NOT NULL,
    parts INTEGER NOT NULL CHECK (parts > 0),
    told INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0,
    done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),
    given_up INTEGER NOT NULL DEFAULT 0 CHECK (given_up IN (0, 1)),
    at REAL NOT NULL,
    UNIQUE (id, chat, sender)
);
CREATE INDEX IF NOT EXISTS seen_open ON seen (place) WHERE done = 0;
CREATE INDEX IF NOT EXISTS seen_age ON seen (at);

-- What the engine told, as it told it. `translated` stays 0 until its events stand in `event`; not all become one.
CREATE TABLE IF NOT EXISTS done (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    code INTEGER NOT NULL,
    id TEXT NOT NULL,
    chat TEXT NOT NULL,
    sender TEXT NOT NULL,
    raw BLOB NOT NULL,
    translated INTEGER NOT NULL DEFAULT 0 CHECK (translated IN (0, 1)),
    at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS done_id ON done (id) WHERE id <> '';
CREATE INDEX IF NOT EXISTS done_raw ON done (place) WHERE translated = 0;
CREATE INDEX IF NOT EXISTS done_age ON done (at);

-- Events in the gateway's words, in WhatsApp's order. `source`: the row of `done`, or minus the row of `seen` given up.
CREATE TABLE IF NOT EXISTS event (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    source INTEGER NOT NULL,
    part INTEGER NOT NULL,
    body BLOB NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0 CHECK (taken IN (0, 1)),
    at REAL NOT NULL,
    UNIQUE (source, part)
);
CREATE INDEX IF NOT EXISTS event_new ON event (place) WHERE taken = 0;

CREATE TABLE IF NOT EXISTS released (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    chat TEXT NOT NULL,
    why TEXT NOT NULL,
    at REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS sending (
    key TEXT NOT NULL,
    id TEXT NOT NULL,
    chat TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (key, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sending_id ON sending (id);

CREATE TABLE IF NOT EXISTS pairing (
    lid TEXT PRIMARY KEY,
    phone TEXT NOT NULL
) WITHOUT ROWID;

-- Notices and receipts as the engine's log line showed them, before their acknowledgement left. `told`: an event stands for it.
CREATE TABLE IF NOT EXISTS noticed (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    tag TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    chat TEXT NOT NULL,
    sender TEXT NOT NULL,
    at_s INTEGER NOT NULL,
    line TEXT NOT NULL,
    told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
    at REAL NOT NULL,
    UNIQUE (id, tag, kind, chat, sender)
);
CREATE INDEX IF NOT EXISTS noticed_new ON noticed (place) WHERE told = 0;
CREATE INDEX IF NOT EXISTS noticed_chat ON noticed (chat, at_s);
CREATE INDEX IF NOT EXISTS noticed_age ON noticed (at);
