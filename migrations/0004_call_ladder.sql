-- The signalling of one call, without anything of the caller. `sealed`: AES-256-GCM under the call's own key, so that it
-- goes when the call is erased.
CREATE TABLE call_ladder (
  call_id TEXT PRIMARY KEY REFERENCES call (id) ON DELETE CASCADE,
  sealed  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
