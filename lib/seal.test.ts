import "#lib/test-db";
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { hashAddress, keyFor } from "#lib/seal";

test("an address keeps its hash, whoever writes it and however often it is asked", () => {
  // Stored hashes must stay readable: HMAC-SHA-256 under the installation's own key.
  const expected = createHmac("sha256", keyFor("suppression")).update("zoe@exemple.fr").digest("hex");
  for (const written of ["zoe@exemple.fr", " Zoe@Exemple.FR ", "zoe@exemple.fr"])
    assert.equal(Buffer.from(hashAddress(written)).toString("hex"), expected);
  assert.notDeepEqual(hashAddress("zoe@exemple.com"), hashAddress("zoe@exemple.fr"));
});
