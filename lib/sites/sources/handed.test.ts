/** Addresses that pass from one person to another: report 15, and its siblings. */
import "#testing/database";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { sql } from "#lib/machine/db";
import { addAddress } from "#lib/people/contacts/mutations";
import {
  hireStaff,
  known,
  lastChange,
  notesOf,
  openSource,
  person,
  takeFile,
  takeRows,
} from "#testing/feeds";

let staff = 0;

before(async () => {
  await openSource();
  staff = await hireStaff();
});

test("15 two people who exchange addresses are applied together", async () => {
  await takeFile("15-swap-1");
  const report = await takeFile("15-swap-2");
  assert.deepEqual([report.updated, report.rejected], [2, 0]);
  assert.deepEqual(
    [(await known("ech-1")).addresses, (await known("ech-2")).addresses],
    [["direction@example.org"], ["accueil@example.org"]],
  );
  assert.deepEqual((await lastChange((await known("ech-1")).id))?.values, {
    primaryEmail: ["accueil@example.org", "direction@example.org"],
    email: ["accueil@example.org", "direction@example.org"],
  });
});

const having = (id: string, ...emails: string[]) =>
  person(id, emails.map((one) => `<email>${one}</email>`).join(""));

test("15 bis an address passes to a successor, known or new, with what its mailbox is known for", async () => {
  await takeRows(
    having("chief", "poste@example.org", "chief@example.org") + having("next", "next@example.org"),
  );
  await sql`update email_addresses set standing = 'soft', soft_bounces = 2 where address = 'poste@example.org'`;
  const first = await takeRows(
    having("chief", "chief@example.org") + having("next", "poste@example.org", "next@example.org"),
  );
  assert.deepEqual([first.updated, first.rejected], [2, 0]);
  assert.deepEqual(
    [(await known("chief")).addresses, (await known("next")).addresses],
    [["chief@example.org"], ["poste@example.org", "next@example.org"]],
  );
  await takeRows(having("next", "next@example.org") + having("newcomer", "poste@example.org"));
  assert.deepEqual(
    [(await known("next")).addresses, (await known("newcomer")).addresses],
    [["next@example.org"], ["poste@example.org"]],
  );
  const [standing] =
    await sql`select standing, soft_bounces from email_addresses where address = 'poste@example.org'`;
  assert.deepEqual(standing, { standing: "soft", soft_bounces: 2 });
});

test("15 ter three in a ring, all together or none", async () => {
  await takeRows(having("stranger", "both@example.org"));
  await takeRows(
    having("r1", "r1@example.org") + having("r2", "r2@example.org") + having("r3", "r3@example.org"),
  );
  const ring = having("r1", "r2@example.org") + having("r2", "r3@example.org");
  const refused = await takeRows(ring + having("r3", "r1@example.org", "both@example.org"));
  assert.equal(refused.rejected, 3);
  assert.deepEqual((await known("r1")).addresses, ["r1@example.org"]);
  const done = await takeRows(ring + having("r3", "r1@example.org"));
  assert.deepEqual([done.updated, done.rejected], [3, 0]);
  assert.deepEqual(
    [(await known("r1")).addresses, (await known("r2")).addresses, (await known("r3")).addresses],
    [["r2@example.org"], ["r3@example.org"], ["r1@example.org"]],
  );
});

test("15 quater an address that staff gave somebody is not handed on by the site", async () => {
  await takeRows(having("mine", "mine@example.org") + having("yours", "yours@example.org"));
  await addAddress((await known("mine")).id, "given@example.org", staff);
  const report = await takeRows(having("mine", "mine2@example.org") + having("yours", "given@example.org"));
  assert.deepEqual(notesOf(report), [["email", "addressTaken", true]]);
  assert.ok((await known("mine")).addresses.includes("given@example.org"));
});

test("15 quinquies an address handed to another person comes from the site that says so; one typed here is said to be", async () => {
  await takeRows(having("gives", "passed@example.org") + having("takes", "takes@example.org"));
  await sql`update email_addresses set source_id = null, typed = true where address = 'passed@example.org'`;
  await takeRows(having("gives", "gives@example.org") + having("takes", "passed@example.org"));
  assert.ok((await known("takes")).addresses.includes("passed@example.org"));
  await addAddress((await known("gives")).id, "typed@example.org", staff);
  const rows = await sql<{ sourced: boolean; typed: boolean }>`
    select source_id is not null as sourced, typed from email_addresses
    where address in ('passed@example.org', 'typed@example.org') order by address`;
  assert.deepEqual(rows, [
    { sourced: true, typed: false },
    { sourced: false, typed: true },
  ]);
});
