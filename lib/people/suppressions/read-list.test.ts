import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { catalogs } from "#lib/machine/messages/catalog";
import { readList } from "#lib/people/suppressions/read-list";

const read = (text: string) => readList(text, "2026-11-27");

describe("a list of oppositions", () => {
  it("is an address a line, with its day or not, whatever parts them; a heading and empty lines say nothing", () => {
    const text =
      'Adresse;Date\nJeanne@Exemple.fr;14/03/2026\n\n"paul@exemple.fr",2026-03-01\nlea@exemple.fr\t1.3.2026\nnoe@exemple.fr';
    assert.deepEqual(read(text), {
      faults: [],
      lines: [
        { line: 2, address: "jeanne@exemple.fr", on: "2026-03-14" },
        { line: 4, address: "paul@exemple.fr", on: "2026-03-01" },
        { line: 5, address: "lea@exemple.fr", on: "2026-03-01" },
        { line: 6, address: "noe@exemple.fr", on: null },
      ],
    });
  });

  it("counts an address once, as it was first said", () => {
    assert.deepEqual(
      read("a@exemple.fr;01/01/2026\nA@exemple.fr;02/01/2026").lines.map(({ on }) => on),
      ["2026-01-01"],
    );
  });

  it("names the line, the field and the cure of each fault, and keeps the others", () => {
    const { lines, faults } = read(
      "a@exemple.fr\njeanne@\nb@exemple.fr;31/02/2026\nc@exemple.fr;2027-01-01\n;2026-01-01\nb@exemple.fr",
    );
    assert.deepEqual(
      lines.map(({ line, address }) => [line, address]),
      [
        [1, "a@exemple.fr"],
        [6, "b@exemple.fr"],
      ],
    );
    assert.deepEqual(
      faults.map(({ line, field, value }) => [line, field, value]),
      [
        [2, "address", "jeanne@"],
        [3, "day", "31/02/2026"],
        [4, "day", "2027-01-01"],
        [5, "address", ""],
      ],
    );
    for (const { cure } of faults) {
      let said: unknown = catalogs.fr;
      for (const key of (cure.includes(".") ? cure : `errors.${cure}`).split("."))
        said = (said as Record<string, unknown>)?.[key];
      assert.equal(typeof said, "string", cure);
    }
  });
});
