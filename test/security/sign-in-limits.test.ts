import { expect, test } from "bun:test";
import { AppError } from "../../src/app-error.ts";
import { createSignInLimits, networkOf } from "../../src/security/sign-in-limits.ts";

const one = { email: "a@example.test", address: "192.0.2.1" };

test("five attempts of one person from one place, then one a minute", () => {
  const limits = createSignInLimits();
  for (let i = 0; i < 5; i++) limits.take(one, 0);
  expect(() => limits.take(one, 59_999)).toThrow(AppError);
  limits.take(one, 60_000);
  expect(() => limits.take(one, 60_000)).toThrow("in a minute");
});

test("a stranger elsewhere does not lock the owner out, until thirty attempts", () => {
  const limits = createSignInLimits();
  for (let i = 0; i < 25; i++) limits.take({ ...one, address: `198.51.100.${i >> 2}` }, 0);
  limits.take(one, 0);
});

test("one place trying many names is stopped after thirty", () => {
  const limits = createSignInLimits();
  for (let i = 0; i < 30; i++) limits.take({ email: `${i}@example.test`, address: one.address }, 0);
  expect(() => limits.take({ email: "x@example.test", address: one.address }, 0)).toThrow(AppError);
  expect(() => limits.take({ email: undefined, address: one.address }, 0)).toThrow(AppError);
});

test("a refused attempt takes nothing, a successful one gives back what it took", () => {
  const limits = createSignInLimits();
  for (let i = 0; i < 100; i++) {
    limits.take(one, 0);
    limits.putBack(one);
  }
  for (let i = 0; i < 5; i++) limits.take(one, 0);
  for (let i = 0; i < 100; i++) expect(() => limits.take(one, 0)).toThrow(AppError);
  limits.take({ ...one, email: "b@example.test" }, 0); // the place's own bucket was spared
});

test("an IPv6 host is its /64, an IPv4 one itself", () => {
  expect(networkOf("192.0.2.1")).toBe("192.0.2.1");
  expect(networkOf("::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
  expect(networkOf("2001:db8::1")).toBe("2001:db8:0:0");
  expect(networkOf("::1")).toBe("0:0:0:0");
});
