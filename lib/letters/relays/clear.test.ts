import assert from "node:assert/strict";
import { test } from "node:test";
import { openConnection } from "#lib/letters/relays/connection";
import { failureOf } from "#lib/letters/relays/failure";
import { openImap } from "#lib/returns/mailbox/imap";

// 192.0.2.1 is nobody (RFC 5737): had a connection been tried, this would take its time.
const host = "192.0.2.1";

test("the engine itself says no secret in clear", async () => {
  const outcome = await openConnection({
    host,
    port: 25,
    security: "none",
    username: "prof",
    password: "secret",
  });
  assert.ok("kind" in outcome && outcome.kind === "refused");
  assert.deepEqual([outcome.stage, outcome.code], ["login", 538]);
});

test("nor does the reader of mailboxes", async () => {
  const access = {
    kind: "smtp",
    relayId: 1,
    host,
    port: 143,
    security: "none",
    username: "prof",
    password: "secret",
    folder: "INBOX",
  } as const;
  await assert.rejects(openImap(access), (error) => failureOf(error) === "inClear");
});
