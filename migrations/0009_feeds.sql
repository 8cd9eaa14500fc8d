-- Diaries for calendar programs, and what other programs of the office are told.

-- The link by which one calendar program reads one negotiator's diary. Kept as SHA-256 only: who reads this table cannot
-- read a diary with it. Times are ISO 8601 in UTC.
CREATE TABLE feed (
  id           TEXT PRIMARY KEY,
  staff_id     TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
  -- For which device or program, as whoever made it says.
  label        TEXT NOT NULL,
  token_hash   BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  created_at   TEXT NOT NULL,
  last_read_at TEXT
) STRICT;
CREATE INDEX feed_staff ON feed (staff_id);

-- How often an appointment has been changed since it was made, and when last: calendar programs compare them
-- (RFC 5545 §3.8.7). By triggers, so that whoever changes an appointment changes this. Moving on to another negotiator
-- or time and being cancelled are changes; what is noted beside it is not.
CREATE TABLE diary_change (
  entry_id   TEXT PRIMARY KEY,
  sequence   INTEGER NOT NULL,
  changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER viewing_changes AFTER UPDATE OF staff_id, start, minutes, status, awaiting ON viewing
BEGIN
  INSERT INTO diary_change (entry_id, sequence, changed_at)
    VALUES (new.id, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
    ON CONFLICT (entry_id) DO UPDATE SET sequence = sequence + 1, changed_at = excluded.changed_at;
END;
CREATE TRIGGER valuation_changes AFTER UPDATE OF staff_id, start, minutes, status ON valuation
BEGIN
  INSERT INTO diary_change (entry_id, sequence, changed_at)
    VALUES (new.id, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
    ON CONFLICT (entry_id) DO UPDATE SET sequence = sequence + 1, changed_at = excluded.changed_at;
END;
CREATE TRIGGER viewing_goes AFTER DELETE ON viewing
BEGIN DELETE FROM diary_change WHERE entry_id = old.id; END;
CREATE TRIGGER valuation_goes AFTER DELETE ON valuation
BEGIN DELETE FROM diary_change WHERE entry_id = old.id; END;

-- What is still to be told to other hosts of the office, one row for each of them; written in the transaction of the
-- change itself, gone when it has been taken. `n` is the order in which things happened.
CREATE TABLE webhook_event (
  n           INTEGER PRIMARY KEY AUTOINCREMENT,
  -- The same at each attempt: by it the receiver knows what it has already.
  id          TEXT NOT NULL UNIQUE,
  target      TEXT NOT NULL,
  -- What it is about, "viewing:…": told in order.
  subject     TEXT NOT NULL,
  event       TEXT NOT NULL,
  -- The bytes that are sent; NULL once given up.
  body        TEXT,
  created_ms  INTEGER NOT NULL,
  tries       INTEGER NOT NULL,
  next_ms     INTEGER NOT NULL,
  given_up_ms INTEGER,
  CHECK ((body IS NULL) = (given_up_ms IS NOT NULL))
) STRICT;
CREATE INDEX webhook_event_waiting ON webhook_event (target, subject, n) WHERE body IS NOT NULL;
CREATE INDEX webhook_event_given_up ON webhook_event (target, given_up_ms) WHERE given_up_ms IS NOT NULL;
