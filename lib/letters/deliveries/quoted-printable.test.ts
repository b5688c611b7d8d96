import assert from "node:assert/strict";
import { test } from "node:test";
import { encode, wrap } from "nodemailer/lib/qp";
import { encodePiece, endLine } from "#lib/letters/deliveries/quoted-printable";
import { hostileText, random } from "#testing/hostile-server";

/** A line's pieces, most of them of the lengths at which the next one meets the end of a line. */
function pieces(next: (below: number) => number): string[] {
  return Array.from({ length: 1 + next(4) }, () => {
    const text = hostileText(next, 1 + next(20)).replace(/[\r\n]/g, "");
    return next(3) === 0 ? "a".repeat(60 + next(30)) + text : text;
  });
}

test("lines made of pieces are broken where nodemailer breaks the whole line", () => {
  for (let seed = 1; seed <= 30_000; seed++) {
    const line = pieces(random(seed));
    const made = endLine(line.map(encodePiece).join(""));
    assert.equal(made, wrap(encode(`${line.join("")}\r\n`)), `seed ${seed}: ${JSON.stringify(line)}`);
  }
});

test("every length, with every kind of last character, is broken alike", () => {
  for (const last of ["a", "=", "é", "…", "👩🏽‍🎓", " ", "\t", ".", "é ", "=."]) {
    for (const filling of ["a", "é", "…", "👩", "=", "a b", "é."]) {
      for (let length = 0; length < 160; length++) {
        const line = filling.repeat(length) + last;
        assert.equal(
          endLine(encodePiece(line)),
          wrap(encode(`${line}\r\n`)),
          `${length} × ${filling} ${last}`,
        );
      }
    }
  }
});
