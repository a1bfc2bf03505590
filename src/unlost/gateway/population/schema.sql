-- Names this file, so that an outbox never takes another population's place 1 for its own.
CREATE TABLE IF NOT EXISTS identity (name TEXT NOT NULL);
INSERT INTO identity SELECT lower(hex(randomblob(8))) WHERE NOT EXISTS (SELECT 1 FROM identity);

-- One row per person. `key` is the phone address, or the LID of someone whose number nobody knows.
CREATE TABLE IF NOT EXISTS customer (
    key TEXT PRIMARY KEY,
    phone TEXT NOT NULL,
    lid TEXT NOT NULL,
    name TEXT NOT NULL,
    saved_name TEXT NOT NULL,
    avatar TEXT NOT NULL,
    speaks_as_lid INTEGER NOT NULL,
    paired INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS talk_group (jid TEXT PRIMARY KEY, name TEXT NOT NULL, topic TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS member (
    group_jid TEXT NOT NULL REFERENCES talk_group,
    customer TEXT NOT NULL REFERENCES customer,
    place INTEGER NOT NULL,
    PRIMARY KEY (group_jid, customer)
) WITHOUT ROWID;

-- What was sent, in the order of sending. Never deleted.
CREATE TABLE IF NOT EXISTS sent (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL,
    id TEXT NOT NULL,
    chat TEXT NOT NULL,
    sender TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    target TEXT NOT NULL,
    at REAL NOT NULL,
    from_me INTEGER NOT NULL,
    unrecoverable INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS sent_id ON sent (device, id);

-- Which of `sent` left through the gateway's own API; no webhook tells of those (GOWA page, 1.4).
CREATE TABLE IF NOT EXISTS through_api (
    device TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (device, id)
) WITHOUT ROWID;

-- What WhatsApp's servers know of linked devices: which account each speaks for, nothing where it was logged out.
CREATE TABLE IF NOT EXISTS linked (session TEXT PRIMARY KEY, jid TEXT NOT NULL) WITHOUT ROWID;

-- Written to when somebody asks whether the disk takes a commit.
CREATE TABLE IF NOT EXISTS pulse (id INTEGER PRIMARY KEY CHECK (id = 1), beats INTEGER NOT NULL);

-- WhatsApp's offline queue.
CREATE TABLE IF NOT EXISTS waiting (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL,
    event BLOB NOT NULL,
    fate BLOB NOT NULL
);

-- The gateway's chat storage (GOWA page, section 4). Times are text in the stored zone, as GOWA's driver writes them.
CREATE TABLE IF NOT EXISTS chat (
    device TEXT NOT NULL,
    jid TEXT NOT NULL,
    name TEXT NOT NULL,
    last_message_time TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (device, jid)
) WITHOUT ROWID;
-- The key lacks the sender, as GOWA's does: two members who use one id overwrite each other (GOWA page, 6.25).
CREATE TABLE IF NOT EXISTS message (
    device TEXT NOT NULL,
    chat_jid TEXT NOT NULL,
    id TEXT NOT NULL,
    sender_jid TEXT NOT NULL,
    content TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    is_from_me INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    filename TEXT NOT NULL,
    url TEXT NOT NULL,
    file_length INTEGER NOT NULL,
    call_metadata TEXT NOT NULL,
    path TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (id, chat_jid, device)
);
CREATE INDEX IF NOT EXISTS message_time ON message (device, chat_jid, timestamp);
-- A place (rowid) is never given twice, though the last row be deleted: who has read up to it misses nothing.
CREATE TABLE IF NOT EXISTS deleted_place (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL);
INSERT OR IGNORE INTO deleted_place VALUES (1, 0);
CREATE TRIGGER IF NOT EXISTS message_deleted AFTER DELETE ON message BEGIN
    UPDATE deleted_place SET last = max(last, old.rowid);
END;
CREATE TABLE IF NOT EXISTS reaction (
    device TEXT NOT NULL,
    chat_jid TEXT NOT NULL,
    message_id TEXT NOT NULL,
    sender_jid TEXT NOT NULL,
    emoji TEXT NOT NULL,
    is_from_me INTEGER NOT NULL,
    timestamp TEXT NOT NULL,
    PRIMARY KEY (device, chat_jid, message_id, sender_jid)
) WITHOUT ROWID;
