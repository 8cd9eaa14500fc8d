-- What callers leave behind beside viewings and messages.

-- At the caller's own home: it takes the negotiator's cells, and no property's.
CREATE TABLE valuation (
  id         TEXT PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('sales', 'lettings')),
  address    TEXT NOT NULL,
  postcode   TEXT NOT NULL,
  contact_id TEXT NOT NULL REFERENCES contact (id),
  staff_id   TEXT NOT NULL REFERENCES staff (id),
  start      TEXT NOT NULL,
  minutes    INTEGER NOT NULL CHECK (minutes > 0),
  status     TEXT NOT NULL CHECK (status IN ('booked', 'cancelled')),
  details    TEXT NOT NULL CHECK (json_valid(details)),
  call_id    TEXT REFERENCES call (id) ON DELETE SET NULL,
  booked_at  TEXT NOT NULL
) STRICT;
CREATE INDEX valuation_start ON valuation (start);
CREATE INDEX valuation_contact ON valuation (contact_id);
CREATE INDEX valuation_staff ON valuation (staff_id, start);
CREATE INDEX valuation_call ON valuation (call_id) WHERE call_id IS NOT NULL;

CREATE TABLE maintenance (
  id          TEXT PRIMARY KEY,
  property_id TEXT REFERENCES property (id),
  address     TEXT NOT NULL,
  -- NULL: an emergency is written down before a name is asked for.
  contact_id  TEXT REFERENCES contact (id),
  fault       TEXT NOT NULL,
  priority    TEXT NOT NULL CHECK (priority IN ('emergency', 'urgent', 'routine')),
  vulnerable  INTEGER NOT NULL CHECK (vulnerable IN (0, 1)),
  access      TEXT,
  since       TEXT,
  call_id     TEXT REFERENCES call (id) ON DELETE SET NULL,
  reported_at TEXT NOT NULL
) STRICT;
CREATE INDEX maintenance_property ON maintenance (property_id) WHERE property_id IS NOT NULL;
CREATE INDEX maintenance_contact ON maintenance (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX maintenance_call ON maintenance (call_id) WHERE call_id IS NOT NULL;
CREATE INDEX maintenance_reported ON maintenance (reported_at);

CREATE TABLE offer (
  id          TEXT PRIMARY KEY,
  property_id TEXT NOT NULL REFERENCES property (id),
  contact_id  TEXT NOT NULL REFERENCES contact (id),
  amount      INTEGER NOT NULL CHECK (amount > 0),
  conditions  TEXT,
  funding     TEXT,
  position    TEXT,
  call_id     TEXT REFERENCES call (id) ON DELETE SET NULL,
  made_at     TEXT NOT NULL
) STRICT;
CREATE INDEX offer_property ON offer (property_id, made_at);
CREATE INDEX offer_contact ON offer (contact_id);
CREATE INDEX offer_call ON offer (call_id) WHERE call_id IS NOT NULL;

-- One for each person and kind: who rings again completes it.
CREATE TABLE applicant (
  id           TEXT PRIMARY KEY,
  contact_id   TEXT NOT NULL REFERENCES contact (id),
  kind         TEXT NOT NULL CHECK (kind IN ('buy', 'rent')),
  max_price    INTEGER CHECK (max_price >= 0),
  max_rent_pcm INTEGER CHECK (max_rent_pcm >= 0),
  min_beds     INTEGER CHECK (min_beds >= 0),
  position     TEXT,
  move_date    TEXT,
  pets         TEXT,
  areas        TEXT NOT NULL CHECK (json_valid(areas)),
  details      TEXT NOT NULL CHECK (json_valid(details)),
  changed_at   TEXT NOT NULL,
  UNIQUE (contact_id, kind)
) STRICT;

CREATE TABLE ticket (
  id         TEXT PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('access', 'erasure', 'objection', 'complaint')),
  contact_id TEXT REFERENCES contact (id),
  due        TEXT NOT NULL,
  about      TEXT NOT NULL,
  call_id    TEXT REFERENCES call (id) ON DELETE SET NULL,
  opened_at  TEXT NOT NULL
) STRICT;
CREATE INDEX ticket_due ON ticket (due);
CREATE INDEX ticket_contact ON ticket (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX ticket_call ON ticket (call_id) WHERE call_id IS NOT NULL;

CREATE TABLE task (
  id          TEXT PRIMARY KEY,
  kind        TEXT NOT NULL,
  contact_id  TEXT REFERENCES contact (id),
  property_id TEXT REFERENCES property (id),
  viewing_id  TEXT REFERENCES viewing (id),
  about       TEXT NOT NULL,
  for_whom    TEXT,
  -- The office clock, YYYY-MM-DDTHH:MM.
  due         TEXT,
  status      TEXT NOT NULL CHECK (status IN ('open', 'done', 'cancelled')),
  call_id     TEXT REFERENCES call (id) ON DELETE SET NULL,
  created_at  TEXT NOT NULL
) STRICT;
CREATE INDEX task_open ON task (due) WHERE status = 'open';
CREATE INDEX task_contact ON task (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX task_property ON task (property_id) WHERE property_id IS NOT NULL;
CREATE INDEX task_viewing ON task (viewing_id) WHERE viewing_id IS NOT NULL;
CREATE INDEX task_call ON task (call_id) WHERE call_id IS NOT NULL;

-- Which list a home came with: an import withdraws the homes of its own list that are no longer on it.
ALTER TABLE property ADD COLUMN list TEXT NOT NULL DEFAULT 'listings';

-- When the caller wants to be rung back: the office clock, YYYY-MM-DDTHH:MM.
ALTER TABLE message ADD COLUMN due TEXT;
