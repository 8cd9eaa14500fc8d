/**
 * What must not be in the executable: anything of test/ (the caller that places calls lives there), and code that could
 * place a call of its own. Gatehouse answers; a machine in an office that could dial is a machine worth breaking into.
 * Outside a dialog it says REGISTER, and at one place INVITE: there it has just asked whether the allow-list made the
 * target. So it is with Refer-To. Within a dialog one place makes the requests, and that place makes an INVITE only where
 * the other side has a tag already.
 *
 * @param modules As the bundler names them, relative to the repository.
 * @param texts Bundled program text, searched for the signs of a SIP client that begins a dialog.
 * @returns One line per fault; none is right.
 */
export function bundleFaults(modules: readonly string[], bundled: readonly string[]): string[] {
  const faults: string[] = [];
  const texts = withoutGuarded(bundled);
  for (const module of modules) {
    const first = allowedRoots.find((root) => module.startsWith(root));
    if (first === undefined) faults.push(`${module} is bundled; only ${allowedRoots.join(", ")} may be`);
    if (callingModule.test(module)) faults.push(`${module} looks like code that places calls`);
  }
  if (modules.length === 0) faults.push("the bundler named no modules, so nothing was checked");
  for (const text of texts) {
    faults.push(...requestLineFaults(text));
    for (const { sign, means } of callingSigns) {
      const found = text.match(sign);
      if (found !== null) faults.push(`the program text has "${found[0]}": ${means}`);
    }
  }
  const makers = texts.flatMap((text) => text.match(requestLineMaker) ?? []);
  if (makers.length > 1) {
    faults.push(
      `the program text has ${makers.join(" and ")}: requests are made in one place, src/sip/dialog/dialog.ts`,
    );
  }
  if (makers.length > 0 && !texts.some((text) => text.includes(inviteGuard))) {
    faults.push(`the program text makes requests without "${inviteGuard}": dialog.ts no longer looks what it makes`);
  }
  return faults;
}

/**
 * The places that may send somebody somewhere, each as the bundler leaves it: in one function, first the throw for a
 * target that the allow-list has not made, then the one thing that it guards. src/sip/leg/begin.ts and
 * src/sip/refer/refer-to.ts.
 */
const guardedPlaces = [
  guarded("an INVITE to nobody whom the allow-list has", /`INVITE \$\{[\w$]+\} SIP\/2\.0`/),
  guarded("a REFER to nobody whom the allow-list has", /name:\s*"refer-to"/),
];

function guarded(words: string, thing: RegExp): RegExp {
  const look = String.raw`if\s*\(!\s*[\w$]+\([\w$]+\)\)\s*throw (?:new )?Error\("${words}"\)`;
  return new RegExp(`(${look}(?:(?!function )[^]){0,2000}?)${thing.source}`);
}

/** The texts without what is guarded, once each: a second one, or one whose guard is gone, stays and is a fault. */
function withoutGuarded(texts: readonly string[]): string[] {
  const left = [...texts];
  for (const place of guardedPlaces) {
    const at = left.findIndex((text) => place.test(text));
    if (at >= 0) left[at] = (left[at] ?? "").replace(place, "$1");
  }
  return left;
}

/** Every request line of a fixed method that the program can write, as the bundler leaves it: `METHOD ${uri} SIP/2.0`. */
const requestLine = /`(\$\{[^}`]*\}|[A-Za-z]+) \$\{[^}`]*\} SIP\/2\.0/g;

function requestLineFaults(text: string): string[] {
  const methods = [...text.matchAll(requestLine)].map(([, method = ""]) => method);
  const named = methods.filter((method) => !method.startsWith("$") && method !== "REGISTER");
  return named.map(
    (method) => `the program text makes a request of method ${method}; only REGISTER may be made by name`,
  );
}

const allowedRoots = ["src/", "node_modules/", "package.json"] as const;

/** SIP.js and others call it user agent client, invite client transaction, caller, dialler. */
const callingModule =
  /^src\/(.*\/)?(uac|user-agent-client|invite-client[\w-]*|caller|dialler|dialer|place-call)(\.|\/)/;

/**
 * The end of a request line whose method is only known when it runs. There is one such place, requestWithin, which makes
 * an INVITE only for a dialog whose other side has a tag: one that began with an INVITE to us. (A response's line
 * begins, and does not end, with the version; a line that says REGISTER or OPTIONS can begin no call.)
 */
const requestLineMaker = /[`"'](?!REGISTER |OPTIONS )[^`"'\n]{0,80} SIP\/2\.0[`"']/g;
/** What requestWithin throws. */
const inviteGuard = "an INVITE outside of a dialog";

const callingSigns = [
  { sign: /INVITE (sips?:|\$\{)/, means: "the request line of a call being placed" },
  { sign: /[\w$]\("INVITE",/, means: "a request of that method being made" },
  { sign: /\bmethod:"(INVITE|REFER|SUBSCRIBE|NOTIFY|MESSAGE|PUBLISH)"/, means: "a client transaction of that method" },
  { sign: /name:\s*"refer-to"/, means: "a REFER whose target nobody has looked at" },
  { sign: /\.dialog,"(?!BYE")[A-Z]+"/, means: "a request within a dialog that is no BYE" },
];
