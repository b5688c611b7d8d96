import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldOf, readHead } from "#lib/machine/mime/head";

test("a subject folded over two lines is decoded whole", () => {
  const raw = "Subject: =?UTF-8?Q?Le_11_d=C3=A9cembre?=\r\n =?UTF-8?Q?_=3A_vous_venez_=3F?=\r\n\r\n";
  assert.equal(fieldOf(readHead(Buffer.from(raw)), "subject"), "Le 11 décembre : vous venez ?");
});
