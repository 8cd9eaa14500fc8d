-- What is made of a call once it is over. `sealed`: summary, score and its reasons, AES-256-GCM under the call's own key.
CREATE TABLE call_after (
  call_id TEXT PRIMARY KEY REFERENCES call (id) ON DELETE CASCADE,
  sealed  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Topics that callers asked about in vain: keys of the receptionist's own, none of the caller's words.
CREATE TABLE call_unanswered (
  call_id TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
  topic   TEXT NOT NULL,
  PRIMARY KEY (call_id, topic)
) STRICT, WITHOUT ROWID;

ALTER TABLE task ADD COLUMN done_at TEXT;
CREATE INDEX task_done ON task (done_at) WHERE status = 'done';
CREATE INDEX message_phone ON message (phone);
