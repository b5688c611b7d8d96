/** What no column holds, sent to every action by somebody who may do everything: refused, never a failure. */
import "#testing/database";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { SessionUser } from "#lib/gates/session";
import { db } from "#lib/machine/db";
import { createUser } from "#lib/office/users/command";
import { type Gate, listGates } from "./walk.ts";

let actions: Gate[] = [];
let administrator: SessionUser;

before(async () => {
  actions = (await listGates()).filter(({ kind }) => kind === "action");
  await createUser(
    { email: "hostile@src.example", name: "Axe", role: "administrator" },
    "une phrase bien longue",
  );
  const user = await db.user.findFirstOrThrow();
  administrator = { ...user, sessionId: "00000000-0000-4000-8000-000000000000" };
});

const ids = [
  ...[
    "id",
    "contactId",
    "organisationId",
    "topicId",
    "campaignId",
    "relayId",
    "identityId",
    "segmentId",
    "userId",
  ],
  ...[
    "deliveryId",
    "sampleId",
    "upTo",
    "by",
    "version",
    "position",
    "seen",
    "fallbackId",
    "sourceId",
    "taskId",
  ],
];
const values = [
  "99999999999",
  "2147483648",
  "-1",
  "1e400",
  "\0",
  "1\0",
  "\ud800",
  "0000-01-01",
  "x".repeat(5_000),
];

test("no action fails on an id that no row has", async () => {
  assert.ok(actions.length > 50);
  const failed: string[] = [];
  for (const { name, run } of actions)
    for (const value of values) {
      const form = new FormData();
      for (const id of ids) form.set(id, value);
      for (const field of [
        "name",
        "subject",
        "domain",
        "decision",
        "email",
        "token",
        "state",
        "code",
        "at",
        "to",
        "address",
      ])
        form.set(field, value);
      for (const list of ["topics[]", "ids[]"]) form.append(list, value);
      form.set("decision", "sent");
      form.set("subscribed", "true");
      form.set("scope", "topic");
      await run?.(administrator, form as unknown as Record<string, unknown>).catch(
        (error: Error & { code?: string }) => {
          // Next's own, for want of a request: the cookie of a choice, a redirection.
          if (!/request scope|headers|cookies|NEXT_|static generation store|invariant/i.test(error.message))
            failed.push(`${name} ${JSON.stringify(value).slice(0, 20)}: ${error.message.slice(0, 160)}`);
        },
      );
    }
  assert.deepEqual(failed, []);
});
