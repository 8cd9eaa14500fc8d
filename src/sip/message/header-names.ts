/** One spelling for each header name (RFC 3261 §7.3.1, §7.3.3, §20 and the RFCs named beside the compact forms). */

const pretty = [
  "Accept",
  "Accept-Encoding",
  "Accept-Language",
  "Alert-Info",
  "Allow",
  "Allow-Events",
  "Authorization",
  "Call-ID",
  "Call-Info",
  "Contact",
  "Content-Disposition",
  "Content-Encoding",
  "Content-Length",
  "Content-Type",
  "CSeq",
  "Date",
  "Diversion",
  "Event",
  "Expires",
  "From",
  "History-Info",
  "Info-Package",
  "Max-Forwards",
  "MIME-Version",
  "Min-SE",
  "P-Access-Network-Info",
  "P-Asserted-Identity",
  "P-Called-Party-ID",
  "P-Early-Media",
  "P-Preferred-Identity",
  "Privacy",
  "Proxy-Authenticate",
  "Proxy-Authorization",
  "Proxy-Require",
  "RAck",
  "Reason",
  "Record-Route",
  "Recv-Info",
  "Refer-To",
  "Referred-By",
  "Remote-Party-ID",
  "Replaces",
  "Require",
  "Retry-After",
  "Route",
  "RSeq",
  "Server",
  "Session-Expires",
  "Session-ID",
  "Subject",
  "Subscription-State",
  "Supported",
  "Timestamp",
  "To",
  "Unsupported",
  "User-Agent",
  "Via",
  "Warning",
  "WWW-Authenticate",
  "X-Asterisk-HangupCause",
];

const compact: Record<string, string> = {
  a: "accept-contact", // RFC 3841
  b: "referred-by", // RFC 3892
  c: "content-type",
  d: "request-disposition", // RFC 3841
  e: "content-encoding",
  f: "from",
  i: "call-id",
  j: "reject-contact", // RFC 3841
  k: "supported",
  l: "content-length",
  m: "contact",
  n: "identity-info", // RFC 4474
  o: "event", // RFC 6665
  r: "refer-to", // RFC 3515
  s: "subject",
  t: "to",
  u: "allow-events", // RFC 6665
  v: "via",
  x: "session-expires", // RFC 4028
  y: "identity", // RFC 8224
};

const canonical = new Map<string, string>();
const spelling = new Map<string, string>();
for (const name of pretty) {
  const lower = name.toLowerCase();
  spelling.set(lower, name);
  canonical.set(name, lower).set(lower, lower);
}
for (const [short, long] of Object.entries(compact)) canonical.set(short, long).set(short.toUpperCase(), long);

/** Lower case and long. */
export function canonicalName(name: string): string {
  return canonical.get(name) ?? canonical.get(name.toLowerCase()) ?? name.toLowerCase();
}

/** As RFC 3261 writes it; of a name that is not known here, the given one. */
export function spelledName(canonicalHeaderName: string): string {
  return spelling.get(canonicalHeaderName) ?? canonicalHeaderName;
}
