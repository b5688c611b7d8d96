import assert from "node:assert/strict";
import { test } from "node:test";
import { markOf } from "#lib/letters/sandbox/marks";

test("a mark stands before or after the plus sign, however its words are joined", () => {
  for (const address of [
    "rebond.dur@exemple.fr",
    "rebond.dur+lea@exemple.fr",
    "camille.durand+rebond-dur@exemple.fr",
    "Camille.Durand+REBOND_DUR@exemple.fr",
  ]) {
    assert.equal(markOf(address)?.key, "rebond-dur", address);
  }
});

test("an ordinary address carries no mark, even when it resembles one", () => {
  for (const address of [
    "lea.martin@exemple.fr",
    "rebond@exemple.fr",
    "x@rebond.dur",
    "marebond.dur@exemple.fr",
    "lea+news@exemple.fr",
  ]) {
    assert.equal(markOf(address), null, address);
  }
});
