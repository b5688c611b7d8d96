/** The W3C's own malformed files, against the reader that feeds go through: each is refused, for a fault and not for its root. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decode } from "#lib/sites/sources/decode";
import { openParser } from "#lib/sites/sources/xml";
import { once } from "#testing/sources";

type Case = { id: string; of: string; base64: string };

/** Malformed until the fourth edition of XML 1.0 only: the fifth lets these letters into names. */
const fifth = ["rmt-014", "rmt-016", "rmt-019"];

/** Those that are not well-formed and have no DOCTYPE, which is refused by itself. */
const all: Case[] = readFileSync(`${import.meta.dirname}/../../../testing/w3c/malformed.jsonl`, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));

async function isRefused({ base64 }: Case): Promise<boolean> {
  const parser = openParser();
  parser.on("error", (error) => {
    throw error;
  });
  try {
    for await (const text of decode(once(Buffer.from(base64, "base64")))) parser.write(text);
    parser.close();
    return false;
  } catch {
    return true;
  }
}

for (const [count, what, of] of [
  [228, "malformed files of XML 1.0", /^XML1\.0/],
  [68, "malformed files of XML 1.1", /^XML1\.1/],
  [18, "namespace faults", /^NS/],
] as const)
  test(`the ${count} ${what} of the W3C are all refused`, async () => {
    const cases = all.filter((one) => of.test(one.of) && !fifth.includes(one.id));
    assert.equal(cases.length, count);
    const passed = [];
    for (const one of cases) if (!(await isRefused(one))) passed.push(one.id);
    assert.deepEqual(passed, []);
  });
