-- What cannot wait in a home rings those on call as well, once nobody of them took the caller's own call.

CREATE TABLE on_call_alert_next (
  id              TEXT PRIMARY KEY,
  call_id         TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
  emergency       TEXT NOT NULL
                  CHECK (emergency IN ('gas', 'fire', 'life', 'power', 'flood', 'heating', 'break-in', 'lift')),
  property_id     TEXT REFERENCES property (id),
  raised_at       TEXT NOT NULL,
  tries           INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
  last_tried_at   TEXT,
  acknowledged_at TEXT,
  acknowledged_by TEXT,
  CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL)),
  UNIQUE (call_id, emergency)
) STRICT;
INSERT INTO on_call_alert_next SELECT * FROM on_call_alert;
DROP TABLE on_call_alert;
ALTER TABLE on_call_alert_next RENAME TO on_call_alert;
CREATE INDEX on_call_alert_open ON on_call_alert (raised_at) WHERE acknowledged_at IS NULL;
