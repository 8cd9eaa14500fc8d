-- How the voice is to say words that it would get wrong. `word`: as compared, in small letters; `written`: as entered.
CREATE TABLE pronunciation (
  word       TEXT PRIMARY KEY,
  written    TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('respelling', 'phonemes')),
  said       TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
