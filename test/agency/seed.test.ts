import { describe, expect, test } from "bun:test";
import { parseSeed, parseSeedText } from "../../src/agency/seed.ts";
import { AppError } from "../../src/app-error.ts";
import { embeddedText } from "../../src/embedded/files.ts";

/** The example of the format's description. */
const example = {
  agency: { name: "Larkspur Lettings", jurisdiction: "england-and-wales", travelMinutes: 15 },
  branches: [
    {
      id: "b1",
      name: "Chorlton",
      address: "1 High Street",
      hours: { mon: ["09:00", "18:00"], sun: null },
      closed: ["2026-12-25"],
    },
  ],
  staff: [
    {
      id: "beth",
      name: "Beth Shaw",
      department: "lettings",
      extension: "202",
      rota: { mon: ["09:00", "18:00"] },
      answers: true,
      onCall: false,
    },
  ],
  properties: [
    {
      id: "p1",
      address: "14 Larkspur Avenue",
      postcode: "M21 4WB",
      kind: "sale",
      status: "available",
      managed: false,
      price: 395_000,
      beds: 3,
      type: "semi",
      noticeHours: 0,
      facts: { "council-tax": "C", epc: "D" },
    },
  ],
  contacts: [{ id: "c1", name: "Ian Frost", phone: "+447700900512", roles: [{ role: "tenant", property: "p1" }] }],
  diary: [
    { id: "d1", kind: "viewing", property: "p1", contact: "c1", staff: "beth", start: "2026-11-26T12:00", minutes: 30 },
  ],
  knowledge: [{ id: "parking", questions: ["where can I park"], answer: "…" }],
};

const broken = (over: object): string => {
  try {
    parseSeed({ ...example, ...over }, "agency.json");
  } catch (error) {
    return error instanceof AppError && error.code === "invalid_config" ? error.message : `another: ${error}`;
  }
  return "accepted";
};

describe("seed", () => {
  test("the example is read as it stands", () => {
    expect<unknown>(parseSeed(example)).toEqual(example);
  });

  test("every key is optional; an office has hours and somebody in it", () => {
    const seed = parseSeed({});
    expect(seed.agency).toEqual({ name: "The agency", jurisdiction: "england-and-wales", travelMinutes: 15 });
    expect(seed.staff[0]?.rota).toEqual(seed.branches[0]?.hours ?? {});
    expect(parseSeed({ ...example, diary: [], staff: [{ id: "s", name: "S" }] }).staff[0]?.rota).toEqual({
      mon: ["09:00", "18:00"],
      sun: null,
    });
  });

  test("fields that we do not know are passed over", () => {
    expect(parseSeed({ ...example, colour: "green" })).not.toHaveProperty("colour");
  });

  test.each([
    [{ properties: [{ ...example.properties[0], price: "cheap" }] }, "agency.json: properties[0].price: "],
    [{ properties: [{ ...example.properties[0], status: "gone" }] }, "agency.json: properties[0].status: "],
    [
      { branches: [{ ...example.branches[0], hours: { mon: ["9", "18:00"] } }] },
      "branches[0].hours.mon[0]: expected a time",
    ],
    [{ branches: [{ ...example.branches[0], hours: { mon: ["18:00", "09:00"] } }] }, "hours.mon: expected the earlier"],
    [{ branches: [{ ...example.branches[0], closed: ["2026-02-30"] }] }, "branches[0].closed[0]: expected a date"],
    [{ contacts: [{ ...example.contacts[0], phone: "07700 900512" }] }, "contacts[0].phone: expected an international"],
    [{ diary: [{ ...example.diary[0], start: "noon" }] }, "diary[0].start: expected a local time"],
    [{ diary: [{ ...example.diary[0], property: "p9" }] }, "diary[0].property: there is no such property"],
    [{ diary: [{ ...example.diary[0], staff: undefined }] }, "diary[0].staff: a viewing needs it"],
    [{ staff: [example.staff[0], example.staff[0]] }, `staff[1].id: "beth" is there twice`],
    [
      { contacts: [{ ...example.contacts[0], roles: [{ role: "x", property: "p9" }] }] },
      "contacts[0].roles[0].property",
    ],
    [{ agency: { jurisdiction: "wales" } }, "agency.jurisdiction: "],
  ])("names the field that is wrong (%#)", (over, message) => {
    expect(broken(over)).toContain(message);
  });

  test("text that is not JSON", () => {
    expect(() => parseSeedText("{", "agency.json")).toThrow("agency.json: not JSON: line 1: ");
    const broken = '{\n "agency": {"name": "Larkspur"},\n "staff": [\n  {"id": "beth"}\n  {"id": "tom"}\n ]\n}';
    expect(() => parseSeedText(broken, "agency.json")).toThrow('agency.json: not JSON: line 5: expected "," or "]"');
    expect(() => parseSeed([])).toThrow("seed: (top): ");
  });

  test("the embedded agency: the listings that the demo's caller knows, two of them not to be viewed", () => {
    const { properties, staff, branches } = parseSeedText(embeddedText("config/demo-agency.json"), "demo");
    const addresses = properties.map(({ address }) => address);
    for (const address of [
      "14 Maple Road",
      "7 Castle Street",
      "22 Victoria Road",
      "35 Church Lane",
      "9 Station Road",
      "18 High Street",
      "41 Mill Lane",
      "6 Albert Road",
    ]) {
      expect(addresses).toContain(address);
    }
    expect(properties).toHaveLength(12);
    expect(properties.filter(({ status }) => status !== "available").map(({ status }) => status)).toEqual([
      "under-offer",
      "let-agreed",
    ]);
    expect(staff).toHaveLength(3);
    expect(branches[0]?.hours.sat).toEqual(["09:00", "16:00"]);
  });

  test("its streets are those that the demo model has heard", async () => {
    const words: { streetNames: string[]; streetTypes: string[] } = await Bun.file(
      new URL("../../models/demo-whisper/vocabulary.json", import.meta.url),
    ).json();
    for (const { address } of parseSeedText(embeddedText("config/demo-agency.json"), "demo").properties) {
      const [, name = "", type = ""] = address.split(" ");
      expect(words.streetNames).toContain(name);
      expect(words.streetTypes).toContain(type);
    }
  });
});
