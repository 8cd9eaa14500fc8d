import { expect, test } from "bun:test";
import { join } from "node:path";
import { bundleFaults } from "../../scripts/lib/bundle-rules.ts";

const repository = join(import.meta.dir, "../..");

test("the program and its packages may be in the bundle; tests, scripts and other files may not", () => {
  expect(bundleFaults(["src/gatehouse.ts", "node_modules/hono/dist/index.js", "package.json"], [""])).toEqual([]);
  expect(bundleFaults(["test/caller/phone.ts"], [""])).toEqual([
    "test/caller/phone.ts is bundled; only src/, node_modules/, package.json may be",
  ]);
  expect(bundleFaults(["scripts/lib/stage.ts", "../elsewhere.ts"], [""])).toHaveLength(2);
});

test.each([
  "src/sip/uac.ts",
  "src/sip/invite-client-transaction.ts",
  "src/calls/dialler.ts",
  "src/sip/user-agent-client.ts",
])("%s looks like code that places calls", (module) => {
  expect(bundleFaults([module], [""])).toEqual([`${module} looks like code that places calls`]);
});

test("answering is no calling", () => {
  expect(bundleFaults(["src/sip/invite-server.ts", "src/calls/caller-id.ts"], ['m==="INVITE"'])).toEqual([]);
});

test("REGISTER may be made by name, and requests within a dialog in one place; nothing else", () => {
  const line = (method: string) => `b(\`${method} \${u} SIP/2.0\`,w)`;
  const dialogs = line("$" + "{n}");
  const guard = 'if(g)throw Error("an INVITE outside of a dialog");';
  const faultsOf = (text: string) => bundleFaults(["src/gatehouse.ts"], [guard + text]);
  expect(faultsOf(`${line("REGISTER")};${dialogs};c(s.dialog,"BYE",d);e({method:"REGISTER"})`)).toEqual([]);
  expect(faultsOf(line("INVITE"))).toHaveLength(2);
  expect(faultsOf(line("REFER"))).toHaveLength(1);
  expect(faultsOf(`${dialogs};${dialogs}`)).toHaveLength(1);
  expect(faultsOf('c(s.dialog,"REFER",d)')).toHaveLength(1);
  expect(faultsOf('e({method:"INVITE"})')).toHaveLength(1);
});

test("a bundle of which nothing is known is refused", () => {
  expect(bundleFaults([], [])).toEqual(["the bundler named no modules, so nothing was checked"]);
});

test("the real test caller, bundled as the program is, is refused by name and by what it says", async () => {
  const built = await Bun.build({
    entrypoints: [join(repository, "test/caller/phone.ts")],
    target: "bun",
    minify: true,
    metafile: true,
  });
  const modules = Object.keys(built.metafile?.inputs ?? {});
  const texts = await Promise.all(built.outputs.map((output) => output.text()));

  expect(bundleFaults(modules, texts)).toEqual(
    expect.arrayContaining([
      expect.stringContaining("test/caller/phone.ts is bundled"),
      expect.stringContaining("a request of that method being made"),
    ]),
  );
});

test("one place may make requests, as it makes them for dialogs of the peer's only; a second one is refused", () => {
  const one = `if(g)throw Error("an INVITE outside of a dialog");x(\`${placeholder("m")} ${placeholder("u")} SIP/2.0\`,h)`;
  const faults = (...texts: string[]) => bundleFaults(["src/gatehouse.ts"], texts);
  expect(faults(one)).toEqual([]);
  expect(faults(one, 'y("SIP/2.0 "+s)')).toEqual([]);
  expect(faults(one, `y(\`REGISTER ${placeholder("u")} SIP/2.0\`)`)).toEqual([]);
  expect(faults(one, `y(\`${placeholder("q")} sip:${placeholder("z")} SIP/2.0\`)`)).toHaveLength(1);
  expect(faults(one, 'y(n+" sip:100@"+h+" SIP/2.0")')).toHaveLength(1);
  expect(faults(one.slice(one.indexOf("x(")))).toEqual([expect.stringContaining("no longer looks what it makes")]);
});

/** As the bundler leaves the two places: the look at the allow-list, the rest of the function, what is guarded. */
const placeholder = (name: string) => `\${${name}}`;
const begins = (guard: string) =>
  `function q(e,n){${guard}let i=u(e,n);return s(\`INVITE ${placeholder("i")} SIP/2.0\`,h)}`;
const refers = (guard: string) => `function r(e,n){${guard}let t=u(e,n);return[{name:"refer-to",value:t}]}`;
const looksAt = (method: string) =>
  `if(!k(e))throw Error("${/^[AEIOU]/.test(method) ? "an" : "a"} ${method} to nobody whom the allow-list has");`;

test("one place may begin a dialog, and one may send a caller elsewhere, each behind the look at the allow-list", () => {
  const faults = (...texts: string[]) => bundleFaults(["src/gatehouse.ts"], texts);
  const [legs, referrals] = [begins(looksAt("INVITE")), refers(looksAt("REFER"))];
  expect(faults(legs + referrals)).toEqual([]);
  expect(faults(legs, referrals)).toEqual([]);
  expect(faults(legs + legs).length).toBeGreaterThan(0);
  expect(faults(legs, legs).length).toBeGreaterThan(0);
  expect(faults(legs + begins("")).length).toBeGreaterThan(0);
  expect(faults(referrals + referrals)).toEqual([expect.stringContaining("a REFER whose target nobody has looked at")]);
  expect(faults(refers(""))).toHaveLength(1);
  expect(faults(begins("")).length).toBeGreaterThan(0);
  // The words alone are no look, nor is one in another function.
  expect(faults(begins('l("an INVITE to nobody whom the allow-list has");')).length).toBeGreaterThan(0);
  expect(faults(`function p(e){${looksAt("INVITE")}}${begins("")}`).length).toBeGreaterThan(0);
  expect(faults(begins(looksAt("INVITE").replace("!k", "k"))).length).toBeGreaterThan(0);
});

test("the machine of a re-INVITE is not that of a call", () => {
  expect(bundleFaults(["src/sip/transaction/reinvite-client.ts"], ['r(d,"INVITE",b);c==="INVITE"'])).toEqual([]);
});

test("the real user agent has one place that makes requests, and a second one beside it is seen", async () => {
  const built = await Bun.build({
    entrypoints: [join(repository, "src/sip/user-agent.ts")],
    target: "bun",
    minify: true,
    metafile: true,
  });
  const modules = Object.keys(built.metafile?.inputs ?? {});
  const texts = await Promise.all(built.outputs.map((output) => output.text()));
  expect(bundleFaults(modules, texts)).toEqual([]);
  expect(bundleFaults(modules, [...texts, 'y(n+" sip:100@"+h+" SIP/2.0")'])).toHaveLength(1);
  const again = `s(\`INVITE ${placeholder("i")} SIP/2.0\`,h)`;
  expect(bundleFaults(modules, [...texts, again]).length).toBeGreaterThan(0);
  // The same program, with the look at the allow-list taken out.
  const blind = texts.map((text) =>
    text.replace(/if\(![\w$]+\([\w$]+\)\)throw Error\("an INVITE to nobody[^"]*"\);?/, ""),
  );
  expect(blind).not.toEqual(texts);
  expect(bundleFaults(modules, blind).length).toBeGreaterThan(0);
});
