-- People who use the web pages. Between opening the link and choosing a password an account has neither e-mail nor hash.
CREATE TABLE account (
  id            TEXT PRIMARY KEY,
  role          TEXT NOT NULL CHECK (role IN ('manager')),
  email         TEXT UNIQUE,
  password_hash TEXT,
  created_at    TEXT NOT NULL,
  CHECK ((email IS NULL) = (password_hash IS NULL))
) STRICT;

-- Tokens are kept as SHA-256 only: who reads this table cannot sign in with it. Times are ms since 1970.
CREATE TABLE session (
  token_hash   BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
  account_id   TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  via          TEXT NOT NULL CHECK (via IN ('link', 'password')),
  opened_ms    INTEGER NOT NULL,
  last_used_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account_id);

-- `account_id` NULL: whoever opens the link becomes a new account.
CREATE TABLE sign_in_link (
  token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
  account_id TEXT REFERENCES account (id) ON DELETE CASCADE,
  expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The certificate of the web pages and its private key, sealed under a key of its own.
CREATE TABLE tls_identity (
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  certificate BLOB NOT NULL,
  wrapped_key BLOB NOT NULL,
  sealed_key  BLOB NOT NULL
) STRICT;
