import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { listReadAccounts, unreadAddress } from "#lib/letters/relays/replies";
import { sql } from "#lib/machine/db";

const at = (address: string, replyTo = "") => ({ address, replyTo });

test("answers go to Reply-To, else to the sender, and must reach a mailbox that is read", () => {
  const logins = ["lettre@iut.example", "secretariat"];
  assert.equal(unreadAddress(at("Lettre@iut.example"), logins), null);
  assert.equal(unreadAddress(at("lettre+src@iut.example"), logins), null);
  assert.equal(unreadAddress(at("secretariat@iut.example"), logins), null, "a login without a domain");
  assert.equal(unreadAddress(at("lettre@iut.example", "Noreply@iut.example"), logins), "noreply@iut.example");
  assert.equal(unreadAddress(at("noreply@iut.example", "lettre@iut.example"), logins), null);
  assert.equal(unreadAddress(at("lettre@ailleurs.example"), logins), "lettre@ailleurs.example");
  assert.equal(unreadAddress(at("lettre@iut.example"), []), "lettre@iut.example");
});

test("only mailboxes that are read count", async () => {
  await sql`
    with r as (
      insert into relays (name, kind, host, archived_at) values
        ('lu', 'smtp', 'a.example', null), ('envoi seul', 'smtp', 'b.example', null), ('retiré', 'smtp', 'c.example', now())
      returning id, name
    )
    insert into mailboxes (relay_id, host, username)
    select id, 'imap.a.example', case name when 'lu' then 'Lettre@A.example' else 'c@c.example' end from r where name <> 'envoi seul'`;
  assert.deepEqual(await listReadAccounts(), ["lettre@a.example"]);
});
