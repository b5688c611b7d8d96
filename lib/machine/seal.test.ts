import "#testing/database";
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { foldAddress, hashAddress, keyFor, seal, sign, unseal } from "#lib/machine/seal";

test("an address keeps its hash, whoever writes it and however often it is asked", () => {
  // Stored hashes must stay readable: HMAC-SHA-256 under the installation's own key.
  const expected = createHmac("sha256", keyFor("suppression")).update("zoe@exemple.fr").digest("hex");
  for (const written of ["zoe@exemple.fr", " Zoe@Exemple.FR ", "zoe@exemple.fr"])
    assert.equal(Buffer.from(hashAddress(written)).toString("hex"), expected);
  assert.notDeepEqual(hashAddress("zoe@exemple.com"), hashAddress("zoe@exemple.fr"));
});

test("an address is folded as it is stored, and what is none is left as it stands", () => {
  const folded = {
    " Zoe@Exemple.FR ": "zoe@exemple.fr",
    "zoe@Café.fr": "zoe@xn--caf-dma.fr",
    "zoe@cafe\u0301.fr": "zoe@xn--caf-dma.fr",
    // No reading of numbers as the address of a machine.
    "zoe@127.1": "zoe@127.1",
    "zoe@ex mple é": "zoe@ex mple é",
    Élise: "élise",
    "@café.fr": "@café.fr",
  };
  for (const [written, kept] of Object.entries(folded)) assert.equal(foldAddress(written), kept);
});

test("what is sealed opens in its own place only, whole, and never looks the same twice", () => {
  const sealed = seal("mot de passe é", "relays.sealed_password", 7);
  assert.equal(unseal(sealed, "relays.sealed_password", 7), "mot de passe é");
  assert.throws(() => unseal(sealed, "relays.sealed_password", 8), "another row");
  assert.throws(() => unseal(sealed, "mailboxes.sealed_password", 7), "another column");
  for (const at of [0, 12, sealed.length - 1]) {
    const bent = Uint8Array.from(sealed);
    bent[at] = (bent[at] ?? 0) ^ 1;
    assert.throws(() => unseal(bent, "relays.sealed_password", 7), `byte ${at} changed`);
  }
  assert.throws(() => unseal(sealed.subarray(0, 20), "relays.sealed_password", 7));
  assert.notDeepEqual(seal("mot de passe é", "relays.sealed_password", 7), sealed);
});

test("two purposes never share a key or a signature", () => {
  assert.equal(keyFor("one").length, 32);
  assert.deepEqual(keyFor("one"), keyFor("one"));
  assert.notDeepEqual(keyFor("one"), keyFor("other"));
  assert.equal(sign("one", "text", "hex"), createHmac("sha256", keyFor("one")).update("text").digest("hex"));
  assert.notEqual(sign("one", "text", "hex"), sign("other", "text", "hex"));
});
