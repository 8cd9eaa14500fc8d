-- The certificate of SIP over TLS and its private key, sealed under a key of its own.
CREATE TABLE sip_tls_identity (
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  certificate BLOB NOT NULL,
  wrapped_key BLOB NOT NULL,
  sealed_key  BLOB NOT NULL
) STRICT;
