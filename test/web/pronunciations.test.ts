import { afterAll, beforeAll, expect, test } from "bun:test";
import { type OpenWeb, openWeb, ourPage } from "./harness.ts";

let web: OpenWeb;
let headers: { cookie: string };
beforeAll(async () => {
  web = openWeb();
  headers = await web.enter();
});
afterAll(() => web.close());

const path = "/api/pronunciations";
const put = async (written: string, body: object, from: Record<string, string> = headers) =>
  await web.request(`${path}/${encodeURIComponent(written)}`, {
    method: "PUT",
    body: JSON.stringify(body),
    headers: { ...ourPage, "content-type": "application/json", ...from },
  });
const remove = async (written: string) =>
  await web.request(`${path}/${encodeURIComponent(written)}`, {
    method: "DELETE",
    headers: { ...ourPage, ...headers },
  });
const list = async () =>
  (await (await web.request(path, { headers })).json()) as {
    entries: { written: string }[];
    suggestions: { written: string }[];
  };
const actions = () => web.audit().map(({ action, subjects }) => `${action} ${subjects}`);

test("a word is added, changed whatever its capitals, and removed: audited without the word, and the voice is told", async () => {
  const changesBefore = web.appliance.lexiconChanges;
  expect((await list()).suggestions.map(({ written }) => written)).toContain("Belvoir");
  const added = await put("Belvoir", { kind: "phonemes", said: " /ˈbiːvə/ " });
  expect([added.status, await added.json()]).toEqual([
    200,
    { written: "Belvoir", kind: "phonemes", said: "/ˈbiːvə/", changedAt: expect.any(String) },
  ]);
  await put("BELVOIR", { kind: "respelling", said: "beaver" });
  const { entries, suggestions } = await list();
  expect(entries).toMatchObject([{ written: "BELVOIR", kind: "respelling", said: "beaver" }]);
  expect(suggestions.map(({ written }) => written)).not.toContain("Belvoir");
  expect((await remove("belvoir")).status).toBe(204);
  expect((await remove("belvoir")).status).toBe(404);
  expect((await list()).entries).toEqual([]);
  expect(web.appliance.lexiconChanges - changesBefore).toBe(3);
  const written = actions().filter((action) => action.startsWith("pronunciation."));
  expect(written.map((action) => action.split(" ")[0])).toEqual([
    "pronunciation.put",
    "pronunciation.put",
    "pronunciation.remove",
  ]);
  expect(written.join().toLowerCase()).not.toContain("belvoir");
});

test.each([
  ["Fowey", { kind: "phonemes", said: "f'OI7" }, "“7”"],
  ["Fowey", { kind: "respelling", said: "<b>" }, "respelling"],
  ["12", { kind: "respelling", said: "twelve" }, "letters"],
  ["Fowey", { kind: "melody", said: "foy" }, "kind"],
  ["Fowey", { kind: "respelling", said: "foy", more: 1 }, "request"],
])("%s as %j is refused, and nothing is written", async (written, body, why) => {
  const before = actions().length;
  const response = await put(written, body);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { message: string }).message).toContain(why);
  expect([actions().length, (await list()).entries]).toEqual([before, []]);
});

test("a word is heard before it is saved, as a WAV of the voice; what cannot be said is refused first", async () => {
  const response = await web.post(`${path}/say`, { written: "Fowey", kind: "respelling", said: "foy" }, headers);
  const wav = new DataView(await response.arrayBuffer());
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "audio/wav"]);
  expect([wav.getUint32(24, true), wav.getInt16(44, true)]).toEqual([16_000, "F".charCodeAt(0)]);
  expect((await web.post(`${path}/say`, { written: "Fowey", kind: "phonemes", said: "q7" }, headers)).status).toBe(400);
});

test("nobody without a session, and no other site's page", async () => {
  expect((await web.request(path)).status).toBe(401);
  expect((await put("Fowey", { kind: "respelling", said: "foy" }, {})).status).toBe(401);
  expect(
    (await put("Fowey", { kind: "respelling", said: "foy" }, { ...headers, origin: "https://evil.test" })).status,
  ).toBe(403);
  expect((await web.post(`${path}/say`, { written: "Fowey", kind: "respelling", said: "foy" })).status).toBe(401);
});
