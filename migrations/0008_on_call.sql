-- Emergencies that somebody on call must take: rung until one does, restarts in between or not.

CREATE TABLE on_call_alert (
  id              TEXT PRIMARY KEY,
  call_id         TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
  emergency       TEXT NOT NULL CHECK (emergency IN ('gas', 'fire', 'life')),
  property_id     TEXT REFERENCES property (id),
  raised_at       TEXT NOT NULL,
  tries           INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
  last_tried_at   TEXT,
  acknowledged_at TEXT,
  acknowledged_by TEXT,
  CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL)),
  UNIQUE (call_id, emergency)
) STRICT;
CREATE INDEX on_call_alert_open ON on_call_alert (raised_at) WHERE acknowledged_at IS NULL;
