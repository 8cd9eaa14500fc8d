import { describe, expect, test } from "bun:test";
import { bankHolidayOn, bankHolidays, easterSunday } from "../../src/agency/bank-holidays.ts";
import type { Jurisdiction } from "../../src/agency/types.ts";

/** Those of the published lists: days kept on a weekday. Weekend days are closed as well and tested apart. */
const onWeekdays = (year: number, jurisdiction: Jurisdiction) =>
  bankHolidays(year, jurisdiction)
    .map(({ date }) => date)
    .filter((date) => ![0, 6].includes(new Date(date).getUTCDay()))
    .map((date) => date.slice(5));

describe("bank holidays", () => {
  test("Easter", () => {
    expect([2026, 2027, 2028, 2029, 2038].map(easterSunday)).toEqual([
      "2026-04-05",
      "2027-03-28",
      "2028-04-16",
      "2029-04-01",
      "2038-04-25",
    ]);
  });

  test("England and Wales 2026 to 2028 as published", () => {
    expect(onWeekdays(2026, "england-and-wales")).toEqual([
      "01-01",
      "04-03",
      "04-06",
      "05-04",
      "05-25",
      "08-31",
      "12-25",
      "12-28",
    ]);
    expect(onWeekdays(2027, "england-and-wales")).toEqual([
      "01-01",
      "03-26",
      "03-29",
      "05-03",
      "05-31",
      "08-30",
      "12-27",
      "12-28",
    ]);
    expect(onWeekdays(2028, "england-and-wales")).toEqual([
      "01-03",
      "04-14",
      "04-17",
      "05-01",
      "05-29",
      "08-28",
      "12-25",
      "12-26",
    ]);
  });

  test("Scotland: 2nd January, St Andrew's Day, first Monday of August, no Easter Monday, the World Cup day", () => {
    expect(onWeekdays(2026, "scotland")).toEqual([
      "01-01",
      "01-02",
      "04-03",
      "05-04",
      "05-25",
      "06-15",
      "08-03",
      "11-30",
      "12-25",
      "12-28",
    ]);
    expect(onWeekdays(2027, "scotland")).toEqual([
      "01-01",
      "01-04",
      "03-26",
      "05-03",
      "05-31",
      "08-02",
      "11-30",
      "12-27",
      "12-28",
    ]);
    expect(onWeekdays(2028, "scotland")).toEqual([
      "01-03",
      "01-04",
      "04-14",
      "05-01",
      "05-29",
      "08-07",
      "11-30",
      "12-25",
      "12-26",
    ]);
  });

  test("Northern Ireland: St Patrick's Day and the twelfth of July", () => {
    expect(onWeekdays(2026, "northern-ireland")).toEqual([
      "01-01",
      "03-17",
      "04-03",
      "04-06",
      "05-04",
      "05-25",
      "07-13",
      "08-31",
      "12-25",
      "12-28",
    ]);
    expect(onWeekdays(2027, "northern-ireland")).toEqual([
      "01-01",
      "03-17",
      "03-26",
      "03-29",
      "05-03",
      "05-31",
      "07-12",
      "08-30",
      "12-27",
      "12-28",
    ]);
    expect(onWeekdays(2028, "northern-ireland")).toEqual([
      "01-03",
      "03-17",
      "04-14",
      "04-17",
      "05-01",
      "05-29",
      "07-12",
      "08-28",
      "12-25",
      "12-26",
    ]);
  });

  test("closed on Boxing Day 2026 itself (a Saturday) and on its substitute, open on the Sunday rule of the office", () => {
    expect(bankHolidayOn("2026-12-26", "england-and-wales")).toMatchObject({ name: "Boxing Day", substitute: false });
    expect(bankHolidayOn("2026-12-28", "england-and-wales")).toMatchObject({ name: "Boxing Day", substitute: true });
    expect(bankHolidayOn("2026-12-27", "england-and-wales")).toBeUndefined();
  });

  test("New Year's Day on a Sunday in Scotland moves past the 2nd", () => {
    expect(bankHolidayOn("2034-01-01", "scotland")).toMatchObject({ substitute: false });
    expect(bankHolidayOn("2034-01-02", "scotland")).toMatchObject({ name: "2nd January" });
    expect(bankHolidayOn("2034-01-03", "scotland")).toMatchObject({ name: "New Year's Day", substitute: true });
  });
});
