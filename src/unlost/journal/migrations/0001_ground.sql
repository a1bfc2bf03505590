-- oldest program: 0.1.0
-- Channels and pools, lanes, entries with their bodies, links, and what keeps them true.

CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE helpdesk (name TEXT PRIMARY KEY, high_water INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;

-- looked_until: what the gateway stored before it, reconcile has compared.
CREATE TABLE channel (
  name       TEXT PRIMARY KEY,
  device     TEXT,
  helpdesk   TEXT NOT NULL REFERENCES helpdesk (name),
  start_mark REAL NOT NULL,
  looked_until REAL
) WITHOUT ROWID;

-- All lanes of a channel and direction. paused: NULL, 'person' or 'program'; by_credentials: ends by itself once they work.
CREATE TABLE pool (
  channel      TEXT NOT NULL,
  direction    TEXT NOT NULL,
  paused       TEXT CHECK (paused IN ('person', 'program')),
  reason       TEXT,
  by_credentials INTEGER NOT NULL DEFAULT 0,
  paused_since REAL,
  PRIMARY KEY (channel, direction)
) WITHOUT ROWID;

-- beat only ever grows while the process lives.
CREATE TABLE holder (
  id          TEXT PRIMARY KEY,
  host        TEXT NOT NULL,
  lock_path   TEXT NOT NULL,
  beat        INTEGER NOT NULL DEFAULT 0,
  enrolled_at REAL NOT NULL
) WITHOUT ROWID;

-- due_at is NULL where there is nothing to hand out: empty, leased, absorbed, or joined with a leased lane.
-- held_until: the earliest end of a reorder wait among entries without a place. alone: the head crashed its worker twice.
-- An absorbed lane keeps its entries; place, due and hold of the whole family stand in the surviving row.
CREATE TABLE lane (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  channel      TEXT NOT NULL,
  direction    TEXT NOT NULL,
  address      TEXT NOT NULL,
  last_place   INTEGER NOT NULL DEFAULT 0,
  last_told_at REAL,
  due_at       REAL,
  held_until   REAL,
  alone        INTEGER NOT NULL DEFAULT 0,
  lease_holder TEXT,
  lease_token  INTEGER NOT NULL DEFAULT 0,
  joined       INTEGER NOT NULL DEFAULT 0,
  absorbed_by  INTEGER REFERENCES lane (id),
  UNIQUE (channel, direction, address),
  CHECK (due_at IS NULL OR (lease_holder IS NULL AND absorbed_by IS NULL))
);
CREATE INDEX lane_due ON lane (channel, direction, alone, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX lane_leased ON lane (lease_holder) WHERE lease_holder IS NOT NULL;
CREATE INDEX lane_absorbed ON lane (absorbed_by) WHERE absorbed_by IS NOT NULL;

-- crashed_under: the last process whose end was counted in crashes; it is given back where that process comes again (it was frozen).
-- lease_lane: the surviving lane under whose lease it is worked. ordered_at: WhatsApp's time where it can be believed, else arrival. waits_for: the message id a parked entry waits for.
CREATE TABLE entry (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  lane_id     INTEGER NOT NULL REFERENCES lane (id),
  channel     TEXT NOT NULL,
  direction   TEXT NOT NULL,
  source      TEXT NOT NULL,
  kind        TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'leased', 'parked', 'done', 'dead')),
  place       INTEGER,
  behind      INTEGER NOT NULL DEFAULT 0,
  due_at      REAL NOT NULL,
  hold_until  REAL,
  lease_token INTEGER,
  lease_lane  INTEGER,
  attempts    INTEGER NOT NULL DEFAULT 0,
  crashes     INTEGER NOT NULL DEFAULT 0,
  crashed_under TEXT,
  begun       INTEGER NOT NULL DEFAULT 0,
  late        INTEGER NOT NULL DEFAULT 0,
  is_empty    INTEGER NOT NULL DEFAULT 0,
  waits_for   TEXT,
  wait_kind   TEXT,
  wait_until  REAL,
  verdict     TEXT,
  reason      TEXT,
  settled_at  REAL,
  arrived_at  REAL NOT NULL,
  told_at     REAL,
  ordered_at  REAL NOT NULL,
  chat        TEXT,
  sender      TEXT,
  whatsapp_id TEXT,
  target      TEXT,
  door_key    BLOB NOT NULL,
  facts       BLOB,
  CHECK ((state = 'leased') = (lease_token IS NOT NULL)),
  CHECK ((lease_lane IS NULL) = (lease_token IS NULL)),
  CHECK ((state = 'parked') = (wait_until IS NOT NULL)),
  CHECK ((state IN ('done', 'dead')) = (settled_at IS NOT NULL)),
  CHECK (state <> 'leased' OR place IS NOT NULL)
);
CREATE INDEX entry_lane ON entry (lane_id);
CREATE INDEX entry_waiting ON entry (lane_id, place, behind) WHERE state = 'waiting';
CREATE INDEX entry_held ON entry (lane_id, hold_until) WHERE state = 'waiting' AND place IS NULL;
-- Only the net: the lane's row grants exclusivity.
CREATE UNIQUE INDEX entry_leased ON entry (lease_lane) WHERE state = 'leased';
CREATE INDEX entry_begun ON entry (channel, direction, due_at) WHERE state = 'waiting' AND begun = 1;
CREATE INDEX entry_backlog ON entry (channel, arrived_at)
  WHERE state IN ('waiting', 'leased') AND direction IN ('in', 'out');
CREATE INDEX entry_parked_for ON entry (waits_for, ordered_at) WHERE state = 'parked';
CREATE INDEX entry_parked_until ON entry (wait_until) WHERE state = 'parked';
CREATE INDEX entry_dead ON entry (settled_at) WHERE state = 'dead';
CREATE INDEX entry_done ON entry (settled_at) WHERE state = 'done';
CREATE INDEX entry_edit ON entry (target) WHERE kind = 'edit';
CREATE INDEX entry_crashed_under ON entry (crashed_under) WHERE crashed_under IS NOT NULL;
CREATE INDEX entry_whatsapp_id ON entry (whatsapp_id) WHERE whatsapp_id IS NOT NULL;

-- The arrows of vocabulary/states.py.
CREATE TRIGGER entry_birth BEFORE INSERT ON entry
WHEN NEW.state NOT IN ('waiting', 'parked', 'done')
BEGIN SELECT RAISE(ABORT, 'an entry is not born in this state'); END;

CREATE TRIGGER entry_arrow BEFORE UPDATE OF state ON entry
WHEN OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN (
  'waiting>leased', 'leased>done', 'leased>waiting', 'leased>dead', 'leased>parked',
  'parked>waiting', 'parked>done', 'dead>waiting', 'dead>done')
BEGIN SELECT RAISE(ABORT, 'no arrow leads there'); END;

-- Write-once, and apart, so that a large body is not rewritten with every change of its entry.
CREATE TABLE body (entry_id INTEGER PRIMARY KEY REFERENCES entry (id) ON DELETE CASCADE, raw BLOB NOT NULL);

-- Outlives its entry: what was told once never enters twice. Keyed hashes only.
CREATE TABLE door (key BLOB PRIMARY KEY, entry_id INTEGER NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX door_at ON door (at);
CREATE TRIGGER door_birth AFTER INSERT ON entry
BEGIN INSERT INTO door (key, entry_id, at) VALUES (NEW.door_key, NEW.id, NEW.arrived_at); END;

-- Attempts that ended without effect.
CREATE TABLE failure (
  entry_id INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
  at       REAL NOT NULL,
  step     TEXT NOT NULL,
  cause    TEXT NOT NULL,
  text     BLOB NOT NULL
);
CREATE INDEX failure_entry ON failure (entry_id);

-- A LID and a phone number of one person. What contradicts a known pairing joins nothing; a person decides.
CREATE TABLE pairing (
  channel    TEXT NOT NULL,
  lid        TEXT NOT NULL,
  phone      TEXT NOT NULL,
  learned_at REAL NOT NULL,
  PRIMARY KEY (channel, lid),
  UNIQUE (channel, phone)
) WITHOUT ROWID;
CREATE TABLE contradiction (
  channel TEXT NOT NULL,
  lid     TEXT NOT NULL,
  phone   TEXT NOT NULL,
  seen_at REAL NOT NULL,
  PRIMARY KEY (channel, lid, phone)
) WITHOUT ROWID;

-- One row per chat, for both directions. ensuring_*: the lease under which a contact or conversation is being created.
CREATE TABLE chat_link (
  channel        TEXT NOT NULL,
  chat           TEXT NOT NULL,
  contact        INTEGER,
  conversation   INTEGER,
  name           BLOB NOT NULL DEFAULT x'',
  name_is_ours   INTEGER NOT NULL DEFAULT 0,
  picture_id     TEXT NOT NULL DEFAULT '',
  written_at     REAL NOT NULL,
  ensuring_lane  INTEGER,
  ensuring_token INTEGER,
  PRIMARY KEY (channel, chat)
) WITHOUT ROWID;

CREATE TABLE message_link (
  channel          TEXT NOT NULL,
  whatsapp_id      TEXT NOT NULL,
  chat             TEXT NOT NULL,
  sender           TEXT NOT NULL,
  part             TEXT NOT NULL,
  message          INTEGER NOT NULL,
  conversation     INTEGER NOT NULL,
  is_outgoing      INTEGER NOT NULL,
  confirmed_status TEXT NOT NULL,
  told_at          REAL,
  text_hash        TEXT NOT NULL,
  written_at       REAL NOT NULL,
  PRIMARY KEY (channel, whatsapp_id, chat, sender, part)
) WITHOUT ROWID;
CREATE INDEX message_link_message ON message_link (channel, message);
CREATE INDEX message_link_written ON message_link (channel, written_at);
CREATE INDEX message_link_conversation ON message_link (channel, conversation);

-- Our own DELETEs, written down before they are made.
CREATE TABLE own_delete (
  channel TEXT NOT NULL,
  message INTEGER NOT NULL,
  at      REAL NOT NULL,
  PRIMARY KEY (channel, message)
) WITHOUT ROWID;

-- The highest status a receipt asked for. is_open: a link exists whose confirmed status is lower.
CREATE TABLE wanted_status (
  channel     TEXT NOT NULL,
  whatsapp_id TEXT NOT NULL,
  status      TEXT NOT NULL,
  rank        INTEGER NOT NULL,
  wished_at   REAL NOT NULL,
  is_open     INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (channel, whatsapp_id)
) WITHOUT ROWID;
CREATE INDEX wanted_open ON wanted_status (channel, wished_at) WHERE is_open = 1;
CREATE INDEX wanted_wished ON wanted_status (wished_at);

CREATE TABLE gap (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  channel       TEXT NOT NULL,
  cause         TEXT NOT NULL,
  opened_at     REAL NOT NULL,
  closed_at     REAL,
  reconciled_at REAL
);
CREATE UNIQUE INDEX gap_open ON gap (channel, cause) WHERE closed_at IS NULL;
CREATE INDEX gap_unreconciled ON gap (opened_at) WHERE reconciled_at IS NULL;

-- Numbers kept by the triggers below, so that a count reads a few rows whatever waits.
CREATE TABLE gauge (
  channel   TEXT NOT NULL,
  direction TEXT NOT NULL,
  state     TEXT NOT NULL,
  entries   INTEGER NOT NULL,
  PRIMARY KEY (channel, direction, state)
) WITHOUT ROWID;
CREATE TABLE tally (
  channel   TEXT NOT NULL,
  hour      INTEGER NOT NULL,
  delivered INTEGER NOT NULL DEFAULT 0,
  skipped   INTEGER NOT NULL DEFAULT 0,
  late      INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (channel, hour)
) WITHOUT ROWID;

CREATE TRIGGER gauge_birth AFTER INSERT ON entry BEGIN
  INSERT INTO gauge VALUES (NEW.channel, NEW.direction, NEW.state, 1)
    ON CONFLICT DO UPDATE SET entries = entries + 1;
END;
CREATE TRIGGER gauge_arrow AFTER UPDATE OF state, direction ON entry
WHEN OLD.state <> NEW.state OR OLD.direction <> NEW.direction BEGIN
  UPDATE gauge SET entries = entries - 1 WHERE channel = OLD.channel AND direction = OLD.direction AND state = OLD.state;
  INSERT INTO gauge VALUES (NEW.channel, NEW.direction, NEW.state, 1)
    ON CONFLICT DO UPDATE SET entries = entries + 1;
END;
CREATE TRIGGER gauge_death AFTER DELETE ON entry BEGIN
  UPDATE gauge SET entries = entries - 1 WHERE channel = OLD.channel AND direction = OLD.direction AND state = OLD.state;
END;
CREATE TRIGGER tally_birth AFTER INSERT ON entry WHEN NEW.state = 'done' BEGIN
  INSERT INTO tally (channel, hour, delivered, skipped)
    VALUES (NEW.channel, CAST(NEW.settled_at / 3600 AS INTEGER), NEW.verdict = 'delivered', NEW.verdict = 'skipped')
    ON CONFLICT DO UPDATE SET delivered = delivered + excluded.delivered, skipped = skipped + excluded.skipped;
END;
CREATE TRIGGER tally_end AFTER UPDATE OF state ON entry WHEN NEW.state = 'done' AND OLD.state <> 'done' BEGIN
  INSERT INTO tally (channel, hour, delivered, skipped)
    VALUES (NEW.channel, CAST(NEW.settled_at / 3600 AS INTEGER), NEW.verdict = 'delivered', NEW.verdict = 'skipped')
    ON CONFLICT DO UPDATE SET delivered = delivered + excluded.delivered, skipped = skipped + excluded.skipped;
END;
CREATE TRIGGER tally_late_birth AFTER INSERT ON entry WHEN NEW.late = 1 BEGIN
  INSERT INTO tally (channel, hour, late) VALUES (NEW.channel, CAST(NEW.arrived_at / 3600 AS INTEGER), 1)
    ON CONFLICT DO UPDATE SET late = late + 1;
END;
CREATE TRIGGER tally_late AFTER UPDATE OF late ON entry WHEN NEW.late = 1 AND OLD.late = 0 BEGIN
  INSERT INTO tally (channel, hour, late) VALUES (NEW.channel, CAST(NEW.arrived_at / 3600 AS INTEGER), 1)
    ON CONFLICT DO UPDATE SET late = late + 1;
END;
