-- Times of what happened are ISO 8601 in UTC; times of the diary are the office clock, YYYY-MM-DDTHH:MM.

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Append-only: a chain of MACs under a key that is not in this file.
CREATE TABLE audit (
  id         INTEGER PRIMARY KEY,
  at         TEXT NOT NULL,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('caller', 'user', 'cli', 'system')),
  actor_id   TEXT NOT NULL,
  action     TEXT NOT NULL,
  subjects   TEXT NOT NULL CHECK (json_valid(subjects)),
  mac        BLOB NOT NULL CHECK (length(mac) = 32)
) STRICT;
CREATE INDEX audit_at ON audit (at);
CREATE TRIGGER audit_keeps_its_entries BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER audit_loses_nothing BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are never removed'); END;

-- How long the chain is and its last MAC, so that entries cut off at its end are missed.
CREATE TABLE audit_head (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  entries INTEGER NOT NULL,
  mac     BLOB NOT NULL CHECK (length(mac) = 32)
) STRICT;

CREATE TABLE agency (
  one            INTEGER PRIMARY KEY CHECK (one = 1),
  name           TEXT NOT NULL,
  jurisdiction   TEXT NOT NULL CHECK (jurisdiction IN ('england-and-wales', 'scotland', 'northern-ireland')),
  travel_minutes INTEGER NOT NULL CHECK (travel_minutes BETWEEN 0 AND 240)
) STRICT;

CREATE TABLE branch (
  id      TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  address TEXT NOT NULL,
  hours   TEXT NOT NULL CHECK (json_valid(hours)),
  closed  TEXT NOT NULL CHECK (json_valid(closed))
) STRICT;

CREATE TABLE staff (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  department TEXT NOT NULL,
  extension  TEXT NOT NULL,
  rota       TEXT NOT NULL CHECK (json_valid(rota)),
  answers    INTEGER NOT NULL CHECK (answers IN (0, 1)),
  on_call    INTEGER NOT NULL CHECK (on_call IN (0, 1))
) STRICT;

CREATE TABLE property (
  id           TEXT PRIMARY KEY,
  address      TEXT NOT NULL,
  postcode     TEXT NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN ('sale', 'let')),
  status       TEXT NOT NULL
    CHECK (status IN ('available', 'under-offer', 'sold-stc', 'let-agreed', 'withdrawn', 'occupied')),
  managed      INTEGER NOT NULL CHECK (managed IN (0, 1)),
  price        INTEGER NOT NULL CHECK (price >= 0),
  beds         INTEGER NOT NULL CHECK (beds >= 0),
  type         TEXT NOT NULL,
  notice_hours INTEGER NOT NULL CHECK (notice_hours >= 0),
  facts        TEXT NOT NULL CHECK (json_valid(facts))
) STRICT;

CREATE TABLE knowledge (
  id        TEXT PRIMARY KEY,
  questions TEXT NOT NULL CHECK (json_valid(questions)),
  answer    TEXT NOT NULL
) STRICT;

CREATE TABLE contact (
  id    TEXT PRIMARY KEY,
  name  TEXT NOT NULL,
  phone TEXT NOT NULL,
  email TEXT
) STRICT;
CREATE INDEX contact_phone ON contact (phone);
CREATE INDEX contact_name ON contact (name);

CREATE TABLE contact_role (
  contact_id  TEXT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
  role        TEXT NOT NULL,
  property_id TEXT NOT NULL REFERENCES property (id) ON DELETE CASCADE,
  PRIMARY KEY (contact_id, role, property_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_role_property ON contact_role (property_id);

-- One key per call, wrapped by the key-encryption key. Destroying the row erases transcript and recording.
CREATE TABLE data_key (
  id         TEXT PRIMARY KEY,
  wrapped    BLOB NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE call (
  id             TEXT PRIMARY KEY,
  line           TEXT NOT NULL,
  started_at     TEXT NOT NULL,
  -- Nothing of the caller is kept before this.
  disclosed_at   TEXT,
  caller_number  TEXT,
  caller_display TEXT,
  withheld       INTEGER CHECK (withheld IN (0, 1)),
  ended_at       TEXT,
  outcome        TEXT,
  emergency      TEXT,
  ended_by       TEXT CHECK (ended_by IN ('caller', 'gatehouse')),
  quality        TEXT CHECK (quality IS NULL OR json_valid(quality)),
  CHECK (disclosed_at IS NOT NULL OR (caller_number IS NULL AND caller_display IS NULL))
) STRICT;
CREATE INDEX call_started ON call (started_at, id);
CREATE INDEX call_caller ON call (caller_number) WHERE caller_number IS NOT NULL;

-- `sealed`: what was heard (n-best) and said, AES-256-GCM under the call's own key.
CREATE TABLE turn (
  call_id       TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
  n             INTEGER NOT NULL CHECK (n >= 0),
  at            TEXT NOT NULL,
  confidence    REAL,
  said_in_full  INTEGER NOT NULL CHECK (said_in_full IN (0, 1)),
  asks          TEXT,
  heard_from_ms REAL,
  heard_to_ms   REAL,
  sealed        BLOB NOT NULL,
  PRIMARY KEY (call_id, n)
) STRICT;

CREATE TABLE recording (
  call_id     TEXT PRIMARY KEY REFERENCES call (id) ON DELETE CASCADE,
  file        TEXT NOT NULL UNIQUE,
  key_id      TEXT NOT NULL,
  started_at  TEXT NOT NULL,
  finished_at TEXT,
  chunks      INTEGER
) STRICT;

CREATE TABLE viewing (
  id          TEXT PRIMARY KEY,
  property_id TEXT NOT NULL REFERENCES property (id),
  contact_id  TEXT NOT NULL REFERENCES contact (id),
  staff_id    TEXT NOT NULL REFERENCES staff (id),
  start       TEXT NOT NULL,
  minutes     INTEGER NOT NULL CHECK (minutes > 0),
  status      TEXT NOT NULL CHECK (status IN ('booked', 'cancelled')),
  awaiting    TEXT CHECK (awaiting IN ('vendor', 'tenant')),
  call_id     TEXT REFERENCES call (id) ON DELETE SET NULL,
  booked_at   TEXT NOT NULL
) STRICT;
CREATE INDEX viewing_start ON viewing (start);
CREATE INDEX viewing_property ON viewing (property_id, start);
CREATE INDEX viewing_contact ON viewing (contact_id);
CREATE INDEX viewing_staff ON viewing (staff_id, start);
CREATE INDEX viewing_call ON viewing (call_id) WHERE call_id IS NOT NULL;

-- What else fills a negotiator's day: valuations, holidays, inspections.
CREATE TABLE appointment (
  id          TEXT PRIMARY KEY,
  kind        TEXT NOT NULL,
  property_id TEXT REFERENCES property (id),
  contact_id  TEXT REFERENCES contact (id),
  staff_id    TEXT REFERENCES staff (id),
  start       TEXT NOT NULL,
  minutes     INTEGER NOT NULL CHECK (minutes > 0)
) STRICT;
CREATE INDEX appointment_start ON appointment (start);
CREATE INDEX appointment_property ON appointment (property_id);
CREATE INDEX appointment_contact ON appointment (contact_id);
CREATE INDEX appointment_staff ON appointment (staff_id, start);

-- Five minutes of one resource ('staff:…', 'property:…'); `cell` counts five minutes since 1970 UTC. The primary key
-- is what makes a double booking impossible.
CREATE TABLE diary_cell (
  resource TEXT NOT NULL,
  cell     INTEGER NOT NULL,
  -- The viewing or appointment that holds it.
  entry_id TEXT NOT NULL,
  PRIMARY KEY (resource, cell)
) STRICT, WITHOUT ROWID;
CREATE INDEX diary_cell_entry ON diary_cell (entry_id);

CREATE TABLE message (
  id       TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  phone    TEXT NOT NULL,
  about    TEXT NOT NULL,
  for_whom TEXT,
  call_id  TEXT REFERENCES call (id) ON DELETE SET NULL,
  taken_at TEXT NOT NULL
) STRICT;
CREATE INDEX message_taken ON message (taken_at);
CREATE INDEX message_call ON message (call_id) WHERE call_id IS NOT NULL;
