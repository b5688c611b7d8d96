import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { calendarDay, idOf, pastId, rowId, searched, storable } from "#lib/machine/asked";
import { encodeKeys, type KeyKind, readCursor } from "#lib/machine/keyset";

test("an id is a row's number, or none", () => {
  assert.equal(idOf("1"), 1);
  assert.equal(idOf("2147483647"), 2_147_483_647);
  const none = [
    "2147483648",
    "99999999999",
    "0",
    "-1",
    "01",
    "1.0",
    "1e3",
    " 1",
    "1\0",
    "",
    "x",
    "１",
    undefined,
    null,
    ["1"],
    7,
  ];
  for (const text of none) assert.equal(idOf(text), null, JSON.stringify(text));
  assert.equal(rowId().safeParse("2147483648").success, false);
  assert.equal(rowId("required").safeParse("x").error?.issues[0]?.message, "required");
  assert.equal(rowId().parse("2147483647"), 2_147_483_647);
  assert.equal(pastId.parse(["1", "2"]), undefined);
  assert.equal(pastId.parse("12"), 12);
  assert.equal(pastId.parse(undefined), undefined);
});

test("a search is a text that can be stored, cut rather than dropped", () => {
  assert.equal(searched.parse(" a\0b \ud800"), "ab \ufffd");
  assert.equal(searched.parse(["x", "y"]), "x");
  assert.equal(searched.parse(undefined), "");
  assert.equal(searched.parse(null), "");
  assert.deepEqual(z.object({ q: searched, before: pastId }).parse({}), { q: "" });
  assert.equal(searched.parse("x".repeat(3_000)).length, 200);
  assert.equal(storable("é😀"), "é😀");
});

test("a day is one of the calendar", () => {
  for (const day of ["0000-01-01", "2026-02-31", "2026-13-01", "", "26-01-01"])
    assert.equal(calendarDay.safeParse(day).success, false, day);
  assert.equal(calendarDay.safeParse("2024-02-29").success, true);
});

test("a cursor holds what its list is sorted by, or is the first page", () => {
  const kinds: KeyKind[] = ["instant", "text", "number", "id"];
  const good = ["2026-01-01T00:00:00.000Z", "a", -2019, 7];
  assert.deepEqual(readCursor({ after: encodeKeys(good) }, kinds), { keys: good, backward: false });
  assert.deepEqual(readCursor({ before: encodeKeys(good) }, kinds)?.backward, true);
  const bad: [number, unknown][] = [
    [0, "x"],
    [0, "0000-00-00T00:00:00Z"],
    [0, 1],
    [1, "\0"],
    [1, "\ud800"],
    [1, 3],
    [2, 2 ** 31],
    [2, 0.5],
    [2, "1"],
    [3, 0],
    [3, 2 ** 31],
    [3, "7"],
    [3, null],
  ];
  for (const [at, key] of bad) {
    const keys = encodeKeys(good.with(at, key as string));
    assert.equal(readCursor({ after: keys }, kinds), null, JSON.stringify(key));
  }
  for (const after of ["", "x", encodeKeys(good.slice(1)), encodeKeys([...good, 1]), "W10", "e30", ["a"], 3])
    assert.equal(readCursor({ after }, kinds), null, JSON.stringify(after));
});
