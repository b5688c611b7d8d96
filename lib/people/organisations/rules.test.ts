import assert from "node:assert/strict";
import { test } from "node:test";
import { digitsOf, formatSiret, isSiren, isSiret } from "#lib/people/organisations/rules";

test("a SIRET holds by Luhn, and La Poste's also by a digit sum", () => {
  for (const siret of ["19801344300017", "35600000000048", "35600000049837"])
    assert.ok(isSiret(siret), siret);
  for (const siret of [
    "35600000012345",
    "73282932000075",
    "1980134430001",
    "",
    "1980134430001A",
    "00000000000001",
    "35600000100004",
    "198013443000174",
  ])
    assert.ok(!isSiret(siret), siret);
});

test("a SIREN has nine digits under Luhn's key", () => {
  assert.ok(isSiren("356000000"));
  assert.ok(!isSiren("356000001"));
  assert.ok(!isSiren("35600000"));
});

test("spaces of every width are typed in numbers, and printed back", () => {
  assert.equal(digitsOf("198 013\u00a0443\u202f00017"), "19801344300017");
  assert.equal(formatSiret("19801344300017"), "198\u00a0013\u00a0443\u00a000017");
  assert.equal(formatSiret("198013443"), "198\u00a0013\u00a0443");
});
