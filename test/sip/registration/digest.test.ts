import { expect, test } from "bun:test";
import { authorization, type Challenge, chooseChallenge } from "../../../src/sip/registration/digest.ts";

/** The example of RFC 7616 §3.9.1, whose method is GET and whose URI is a path: the arithmetic is the same. */
const example = {
  challenge: {
    realm: "http-auth@example.org",
    nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    opaque: "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    qopAuth: true,
    stale: false,
    proxy: false,
  },
  credentials: { username: "Mufasa", password: "Circle of Life" },
  use: {
    method: "GET",
    uri: "/dir/index.html",
    count: 1,
    cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
  },
};

test.each([
  ["MD5", "8ca523f5e9506fed4657c9700eebdbec"],
  ["SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
] as const)("%s: the answer of RFC 7616 §3.9.1", (algorithm, response) => {
  const value = authorization({ ...example.challenge, algorithm }, example.credentials, example.use);
  expect(value).toContain(`response="${response}"`);
  expect(value).toContain("qop=auth, nc=00000001, cnonce=");
  expect(value).toContain(`opaque="${example.challenge.opaque}"`);
  expect(value).not.toContain("Circle");
});

test("Without qop, as RFC 2617 §3.2.2.1 keeps it for old servers: no count, no cnonce", () => {
  const challenge: Challenge = {
    realm: "testrealm@host.com",
    nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
    opaque: undefined,
    algorithm: "MD5",
    qopAuth: false,
    stale: false,
    proxy: false,
  };
  const value = authorization(challenge, { username: "Mufasa", password: "Circle Of Life" }, example.use);
  expect(value).toContain('response="670fd8c2df070c60b045671b8b24ff02"');
  expect(value).not.toMatch(/nc=|cnonce|qop/);
});

test("What a name holds cannot end its quotes", () => {
  const credentials = { username: 'a"b\\c', password: "x" };
  expect(authorization({ ...example.challenge, algorithm: "MD5" }, credentials, example.use)).toContain(
    'username="a\\"b\\\\c", realm=',
  );
});

test("Of several challenges the strongest that we can answer is taken, wherever it stands", () => {
  const md5 = 'Digest realm="pbx", nonce="a", qop="auth", algorithm=MD5';
  const sha = 'Digest realm="pbx", nonce="b", qop="auth,auth-int", algorithm=SHA-256';
  expect(chooseChallenge([md5, sha], false)).toMatchObject({ algorithm: "SHA-256", nonce: "b", qopAuth: true });
  expect(chooseChallenge([md5], true)).toMatchObject({ algorithm: "MD5", proxy: true });
});

test.each([
  ['Digest realm="a, b; c", nonce="x=,y" , stale=TRUE', { realm: "a, b; c", nonce: "x=,y", stale: true }],
  ['digest nonce=bare,realm="say \\"hi\\""', { realm: 'say "hi"', nonce: "bare", algorithm: "MD5", qopAuth: false }],
])("%s is read", (value, parts) => {
  expect(chooseChallenge([value], false)).toMatchObject(parts);
});

test.each([
  'Basic realm="pbx"',
  'Digest realm="pbx"',
  'Digest nonce="x"',
  'Digest realm="pbx", nonce="x", algorithm=SHA-512-256',
  'Digest realm="pbx", nonce="x", algorithm=MD5-sess',
  'Digest realm="pbx", nonce="x", qop="auth-int"',
  'Digest realm="pbx", nonce="x',
  "Digest",
  "",
])("%s is nothing that we answer", (value) => {
  expect(chooseChallenge([value], false)).toBeUndefined();
});

test("A challenge that never ends its quotes costs time in proportion to its length", () => {
  const value = `Digest realm="${'\\"'.repeat(100_000)}`;
  const from = performance.now();
  expect(chooseChallenge([value], false)).toBeUndefined();
  expect(performance.now() - from).toBeLessThan(2_000); // by the square it would take twenty
});
