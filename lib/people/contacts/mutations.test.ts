import { beforeEach, test } from "node:test";
import "#testing/database";
import assert from "node:assert/strict";
import { sql } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import {
  addAddress,
  archiveContact,
  createContact,
  editContact,
  makePrimary,
  removeAddress,
  restoreContact,
} from "#lib/people/contacts/mutations";
import { findContact, listSubscriptions } from "#lib/people/contacts/queries";
import { contactInput, newContact } from "#lib/people/contacts/schema";
import { changeSubscription } from "#lib/people/subscriptions/by-staff";

let by = 0;
let n = 0;

beforeEach(async () => {
  const [user] = await sql<{
    id: number;
  }>`insert into users (email, name, role) values (${`u${++n}@exemple.fr`}, 'Secrétariat', 'secretariat') returning id`;
  by = user?.id ?? 0;
});

const input = (more: Record<string, unknown> = {}) =>
  contactInput.parse({ kind: "former_src", lastName: "Durand", ...more });
const create = async (email: string, more = {}) => {
  const result = await createContact({ ...input(more), email }, by);
  assert.ok(result.ok);
  return result.id;
};
const told = (id: number) =>
  sql<{ kind: string }>`select kind from activities where contact_id = ${id} order by id`.then((rows) =>
    rows.map((row) => row.kind),
  );
const audited = (id: number) =>
  sql<{
    action: string;
  }>`select action from audit_entries where subject = 'contact' and subject_id = ${id} order by id`.then(
    (rows) => rows.map((row) => row.action),
  );
const addressesOf = async (id: number) =>
  (await findContact(id))?.addresses.map((a) => [a.address, a.isPrimary, a.id] as const) ?? [];

test("creating writes the contact, its address, the timeline and the journal", async () => {
  const id = await create("n1@exemple.fr", { firstName: "Élodie", phone: "05 57 12 20 44" });
  const contact = await findContact(id);
  assert.deepEqual(
    [contact?.firstName, contact?.phone, contact?.country],
    ["Élodie", "+33 5 57 12 20 44", "FR"],
  );
  assert.deepEqual(
    (await addressesOf(id)).map(([address, primary]) => [address, primary]),
    [["n1@exemple.fr", true]],
  );
  assert.deepEqual([await told(id), await audited(id)], [["contact.created"], ["contact.created"]]);
});

test("an address of somebody else is refused with their name and page, and nothing is written", async () => {
  const id = await create("taken@exemple.fr", { firstName: "Marie" });
  const before = await sql`select count(*)::int as n from contacts`;
  const result = await createContact({ ...input(), email: "taken@exemple.fr" }, by);
  assert.deepEqual(result, {
    ok: false,
    reason: "addressTaken",
    params: { label: "Marie Durand", href: `/contacts/${id}` },
  });
  assert.deepEqual(await sql`select count(*)::int as n from contacts`, before);
  assert.equal((await addAddress(await create("other1@exemple.fr"), "taken@exemple.fr", by)).ok, false);
});

test("editing writes what changed, refuses a stale form, and tells nothing when nothing changed", async () => {
  const id = await create("edit@exemple.fr");
  // Read an hour ago: what is written now bears another moment.
  await sql`update contacts set updated_at = updated_at - interval '1 hour' where id = ${id}`;
  const version = (await findContact(id))?.updatedAt ?? new Date(0);
  assert.ok((await editContact(id, version, input(), by)).ok);
  assert.deepEqual(await told(id), ["contact.created"]);
  assert.ok((await editContact(id, version, input({ city: "Pau" }), by)).ok);
  assert.deepEqual(await editContact(id, version, input({ city: "Dax" }), by), {
    ok: false,
    reason: "conflict",
  });
  assert.equal((await findContact(id))?.city, "Pau");
  const [activity] =
    await sql`select data from activities where contact_id = ${id} and kind = 'contact.updated'`;
  assert.deepEqual(activity?.data.fields, ["city"]);
  assert.equal(activity?.data.values.city.length, 2);
  const [entry] =
    await sql`select data from audit_entries where subject_id = ${id} and action = 'contact.updated'`;
  assert.equal(entry?.data.values, undefined);
  assert.deepEqual(await editContact(999_999, version, input(), by), { ok: false, reason: "notFound" });
});

test("archiving twice is refused, restoring undoes it", async () => {
  const id = await create("arch@exemple.fr");
  assert.ok((await archiveContact(id, by)).ok);
  assert.equal((await archiveContact(id, by)).ok, false);
  assert.ok((await restoreContact(id, by)).ok);
  assert.equal((await findContact(id))?.archivedAt, null);
  assert.deepEqual(await told(id), ["contact.created", "contact.archived", "contact.restored"]);
});

test("a contact has one primary address as long as it has one at all", async () => {
  const id = await create("p1@exemple.fr");
  await addAddress(id, "p2@exemple.fr", by);
  await addAddress(id, "p3@exemple.fr", by);
  const [first, second] = await addressesOf(id);
  await Promise.all([
    makePrimary(second?.[2] ?? 0, by),
    makePrimary((await addressesOf(id))[2]?.[2] ?? 0, by),
  ]);
  assert.equal((await addressesOf(id)).filter(([, primary]) => primary).length, 1);
  await makePrimary(second?.[2] ?? 0, by);
  await removeAddress(second?.[2] ?? 0, by);
  assert.deepEqual(
    (await addressesOf(id)).map(([address, primary]) => [address, primary]),
    [
      ["p1@exemple.fr", true],
      ["p3@exemple.fr", false],
    ],
  );
  assert.equal((await removeAddress(second?.[2] ?? 0, by)).ok, false);
  assert.equal(first?.[0], "p1@exemple.fr");
  const empty = await create("");
  await addAddress(empty, "late@exemple.fr", by);
  assert.equal((await addressesOf(empty))[0]?.[1], true);
});

test("what is done to one contact is done to nobody else", async () => {
  const [id, other] = [await create("one@exemple.fr"), await create("b1@exemple.fr")];
  await addAddress(id, "two@exemple.fr", by);
  await addAddress(other, "b2@exemple.fr", by);
  const state = async () => [
    await sql`select * from contacts where id <> ${id} order by id`,
    await sql`select * from email_addresses where contact_id <> ${id} order by id`,
  ];
  const before = await state();
  const [first, second] = await addressesOf(id);
  assert.ok((await archiveContact(id, by)).ok);
  assert.ok((await restoreContact(id, by)).ok);
  const version = (await findContact(id))?.updatedAt ?? new Date(0);
  assert.ok((await editContact(id, version, input({ city: "Pau" }), by)).ok);
  assert.ok((await makePrimary(second?.[2] ?? 0, by)).ok);
  assert.ok((await removeAddress(second?.[2] ?? 0, by)).ok);
  assert.deepEqual(await addressesOf(id), [["one@exemple.fr", true, first?.[2]]]);
  assert.deepEqual(await state(), before);
});

test("the main address stays the main one when another goes", async () => {
  const id = await create("q1@exemple.fr");
  await addAddress(id, "q2@exemple.fr", by);
  await addAddress(id, "q3@exemple.fr", by);
  const [, second, third] = await addressesOf(id);
  assert.ok((await makePrimary(second?.[2] ?? 0, by)).ok);
  assert.ok((await removeAddress(third?.[2] ?? 0, by)).ok);
  assert.deepEqual(
    (await addressesOf(id)).filter(([, primary]) => primary).map(([address]) => address),
    ["q2@exemple.fr"],
  );
});

test("the timeline tells which address was the main one, and nothing when nothing changed", async () => {
  const id = await create("main@exemple.fr");
  await create("stranger@exemple.fr");
  await addAddress(id, "next@exemple.fr", by);
  const next = (await addressesOf(id))[1]?.[2] ?? 0;
  assert.ok((await makePrimary(next, by)).ok);
  assert.ok((await makePrimary(next, by)).ok);
  const values = await sql`
    select data -> 'values' as values from activities where contact_id = ${id} and data -> 'fields' ? 'primaryEmail'`;
  assert.deepEqual(values, [{ values: { primaryEmail: ["main@exemple.fr", "next@exemple.fr"] } }]);
  assert.deepEqual(await makePrimary(999_999, by), { ok: false, reason: "notFound" });
});

test("staff end a subscription for good, and start one only with a proof", async () => {
  const id = await create("sub@exemple.fr");
  const [topic] = await sql<{ id: number }>`select id from topics where key = 'src'`;
  const change = { contactId: id, topicId: topic?.id ?? 0, subscribed: true, proof: "" };
  assert.deepEqual(await changeSubscription(change, by), { ok: false, reason: "proofNeeded" });
  assert.ok((await changeSubscription({ ...change, proof: "au téléphone" }, by)).ok);
  assert.ok((await changeSubscription({ ...change, proof: "au téléphone" }, by)).ok);
  assert.ok((await changeSubscription({ ...change, subscribed: false }, by)).ok);
  const events =
    await sql`select change, via, user_id, proof from subscription_events where contact_id = ${id} order by id`;
  assert.deepEqual(
    events.map((event) => [event.change, event.via, event.user_id, event.proof.note]),
    [
      ["subscribed", "staff", by, "au téléphone"],
      ["unsubscribed", "staff", by, ""],
    ],
  );
  const stops = () =>
    sql`select reason from suppressions where address_hash = ${Buffer.from(hashAddress("sub@exemple.fr"))} and lifted_at is null`;
  assert.deepEqual(
    (await stops()).map((stop) => stop.reason),
    ["unsubscribe"],
  );
  assert.ok((await changeSubscription({ ...change, proof: "elle revient" }, by)).ok);
  assert.deepEqual(await stops(), []);
});

test("only the reader's own stop of this newsletter is taken back by staff", async () => {
  const topicId = await topicOf("src");
  const stops = [
    ["all", "unsubscribe", null, "stoppedAll"],
    ["spam", "complaint", null, "complained"],
    ["banned", "manual", null, "stoppedAll"],
    ["kept-out", "manual", topicId, "stoppedAll"],
    ["erased", "erasure", null, "stoppedAll"],
    ["left", "unsubscribe", topicId, null],
    ["elsewhere", "manual", await topicOf("taxe"), null],
    ["dead", "hard_bounce", null, null],
  ] as const;
  for (const [name, reason, topic, refusal] of stops) {
    const id = await create(`${name}@exemple.fr`);
    await addAddress(id, `${name}@autre.exemple.fr`, by);
    await sql`
      insert into suppressions (address_hash, reason, topic_id)
      values (${Buffer.from(hashAddress(`${name}@autre.exemple.fr`))}, ${reason}::"SuppressionReason", ${topic}::int)`;
    const answer = await changeSubscription({ contactId: id, topicId, subscribed: true, proof: "x" }, by);
    assert.deepEqual(answer, refusal ? { ok: false, reason: refusal } : { ok: true }, name);
  }
});

test("the contact's page says of each newsletter whether it reaches them", async () => {
  const id = await create("page@exemple.fr");
  const reasons = async () => (await listSubscriptions(id)).map(({ reason }) => reason);
  assert.deepEqual(await reasons(), [null, null, null]);
  await changeSubscription(
    { contactId: id, topicId: await topicOf("src"), subscribed: false, proof: "" },
    by,
  );
  assert.deepEqual(await reasons(), ["unsubscribed", null, null]);
  await sql`insert into suppressions (address_hash, reason) values (${Buffer.from(hashAddress("page@exemple.fr"))}, 'hard_bounce')`;
  assert.deepEqual(await reasons(), ["unsubscribed", "hardBounce", "hardBounce"]);
  await addAddress(id, "living@exemple.fr", by);
  await sql`update email_addresses set is_primary = address = 'living@exemple.fr' where contact_id = ${id} and is_primary`;
  await sql`update email_addresses set is_primary = true where address = 'living@exemple.fr'`;
  assert.deepEqual(await reasons(), ["unsubscribed", null, null]);
});

const topicOf = async (key: string) =>
  (await sql<{ id: number }>`select id from topics where key = ${key}`)[0]?.id ?? 0;

test("a form's faults are told at their field", () => {
  const faults = (raw: Record<string, unknown>) =>
    Object.fromEntries(
      (newContact.safeParse(raw).error?.issues ?? []).map((issue) => [issue.path.join("."), issue.message]),
    );
  assert.deepEqual(faults({ kind: "former_src", lastName: " ", email: "x" }), {
    lastName: "required",
    email: "email",
  });
  assert.deepEqual(
    faults({
      kind: "former_src",
      lastName: "A",
      phone: "12",
      website: "javascript:x",
      graduationYear: "1800",
      country: "ZZ9",
    }),
    {
      graduationYear: "contacts.errors.invalidYear",
      country: "contacts.errors.invalidCountry",
      website: "contacts.errors.invalidWebsite",
    },
  );
  assert.deepEqual(faults({ kind: "former_src", lastName: "A", phone: "12" }), {
    phone: "contacts.errors.invalidPhone",
  });
});
