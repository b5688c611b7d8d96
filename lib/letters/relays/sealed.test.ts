import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { getRelayAccess } from "#lib/letters/relays/access";
import { createRelay } from "#lib/letters/relays/mutations";
import { relayInput } from "#lib/letters/relays/schema";
import { db, sql } from "#lib/machine/db";

const input = (name: string, password: string) =>
  relayInput.parse({
    name,
    host: "smtp.example",
    port: "587",
    security: "starttls",
    username: name,
    password,
    maxConnections: "1",
    imapHost: "imap.example",
    imapPort: "993",
    imapSecurity: "tls",
    imapUsername: name,
    imapFolder: "INBOX",
    perMinute: "",
    perHour: "",
    perDay: "",
    imapPassword: `${password} imap`,
  });

const make = async (name: string, password: string) => {
  const made = await createRelay(input(name, password), null);
  assert.ok(made.ok);
  return made.id;
};

test("a password moved to another relay, or to another column, does not open", async () => {
  const [ours, theirs] = [await make("ours", "secret des uns"), await make("theirs", "secret des autres")];
  const opened = async (id: number) => {
    const access = await getRelayAccess(id);
    return "password" in access ? access.password : null;
  };
  assert.equal(await opened(ours), "secret des uns");
  await sql`update relays set sealed_password = (select sealed_password from relays where id = ${ours}) where id = ${theirs}`;
  await assert.rejects(
    opened(theirs),
    "whoever writes in the database sends our password to their own server",
  );
  await sql`update relays r set sealed_password = m.sealed_password from mailboxes m where m.relay_id = id and id = ${ours}`;
  await assert.rejects(opened(ours));
  const row = await db.mailbox.findUniqueOrThrow({ where: { relayId: ours } });
  assert.ok(row.sealedPassword);
});
