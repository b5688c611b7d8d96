import assert from "node:assert/strict";
import { it } from "node:test";
import { isErasedAddress } from "./erased.ts";

it("an erased address is told from a reader's", () => {
  assert.ok(isErasedAddress("12@erased.invalid"));
  assert.ok(!isErasedAddress("12@erased.invalid.example"));
});
