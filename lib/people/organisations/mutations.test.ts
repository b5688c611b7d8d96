import { before, test } from "node:test";
import "#testing/database";
import assert from "node:assert/strict";
import { sql } from "#lib/machine/db";
import { listContactTimeline, listOrganisationTimeline } from "#lib/people/activities/queries";
import { addAffiliation, removeAffiliation } from "#lib/people/organisations/affiliate";
import {
  archiveOrganisation,
  createOrganisation,
  editOrganisation,
  restoreOrganisation,
} from "#lib/people/organisations/mutations";
import {
  countOrganisations,
  findOrganisation,
  listOrganisations,
  listPeople,
  searchOrganisations,
} from "#lib/people/organisations/queries";
import { organisationInput, organisationSearch } from "#lib/people/organisations/schema";

let by = 0;

before(async () => {
  const [user] = await sql<{
    id: number;
  }>`insert into users (email, name, role) values ('u@exemple.fr', 'Secrétariat', 'secretariat') returning id`;
  by = user?.id ?? 0;
});

const create = async (raw: Record<string, unknown>) => {
  const result = await createOrganisation(organisationInput.parse(raw), by);
  assert.ok(result.ok);
  return result.id;
};

const contact = async (name: string) =>
  (
    await sql<{
      id: number;
    }>`insert into contacts (kind, last_name, updated_at) values ('professional', ${name}, now()) returning id`
  )[0]?.id ?? 0;

test("a SIRET brings its SIREN, and belongs to one organisation", async () => {
  await createOrganisation(organisationInput.parse({ name: "Voisin", siret: "73282932000074" }), by);
  const id = await create({
    name: "IUT",
    siret: "198 013 443 00017",
    headcount: "120",
    phone: "05 57 12 20 44",
  });
  const found = await findOrganisation(id);
  assert.deepEqual(
    [found?.siret, found?.siren, found?.headcount, found?.phone],
    ["19801344300017", "198013443", 120, "+33 5 57 12 20 44"],
  );
  const again = await createOrganisation(
    organisationInput.parse({ name: "Autre", siret: "19801344300017" }),
    by,
  );
  assert.deepEqual(again, {
    ok: false,
    reason: "siretTaken",
    params: { label: "IUT", href: `/organisations/${id}` },
  });
});

test("wrong numbers are told at their field", () => {
  const faults = (raw: Record<string, unknown>) =>
    Object.fromEntries(
      (organisationInput.safeParse(raw).error?.issues ?? []).map((issue) => [
        issue.path.join("."),
        issue.message,
      ]),
    );
  assert.deepEqual(faults({ name: "", siren: "1", siret: "2", headcount: "-3", email: "x" }), {
    name: "required",
    siren: "organisations.errors.invalidSiren",
    siret: "organisations.errors.invalidSiret",
    headcount: "organisations.errors.invalidHeadcount",
    email: "email",
  });
  assert.deepEqual(faults({ name: "A", siren: "356000000", siret: "19801344300017" }), {
    siret: "organisations.errors.otherSiren",
  });
});

test("editing is refused to a stale form; archiving is undone by restoring", async () => {
  const id = await create({ name: "Édition" });
  const other = await create({ name: "Voisine" });
  const neighbour = await findOrganisation(other);
  // Read an hour ago: what is written now bears another moment.
  await sql`update organisations set updated_at = updated_at - interval '1 hour' where id = ${id}`;
  const version = (await findOrganisation(id))?.updatedAt ?? new Date(0);
  assert.ok(
    (await editOrganisation(id, version, organisationInput.parse({ name: "Édition" }), by)).ok,
    "nothing to write, nothing told",
  );
  assert.ok(
    (await editOrganisation(id, version, organisationInput.parse({ name: "Édition", city: "Pau" }), by)).ok,
  );
  assert.deepEqual(await editOrganisation(id, version, organisationInput.parse({ name: "X" }), by), {
    ok: false,
    reason: "conflict",
  });
  assert.ok((await archiveOrganisation(id, by)).ok);
  assert.equal((await archiveOrganisation(id, by)).ok, false);
  assert.ok((await restoreOrganisation(id, by)).ok);
  assert.deepEqual(await findOrganisation(other), neighbour);
  assert.deepEqual(await editOrganisation(999_999, version, organisationInput.parse({ name: "X" }), by), {
    ok: false,
    reason: "notFound",
  });
  const { rows } = await listOrganisationTimeline(id, {});
  assert.deepEqual(
    rows.map((row) => row.kind),
    ["organisation.restored", "organisation.archived", "organisation.updated", "organisation.created"],
  );
  assert.equal(rows[0]?.userName, "Secrétariat");
});

test("a person has each role once in a place; both timelines tell it", async () => {
  const [organisationId, contactId] = [await create({ name: "Agence" }), await contact("Martin")];
  const place = { contactId, organisationId, role: "payroll" as const, jobTitle: "Paie" };
  assert.ok((await addAffiliation(place, by)).ok);
  assert.deepEqual(await addAffiliation(place, by), { ok: false, reason: "alreadyAffiliated" });
  assert.deepEqual(await addAffiliation({ ...place, organisationId: 99_999 }, by), {
    ok: false,
    reason: "notFound",
  });
  const [person] = await listPeople(organisationId);
  assert.equal(person?.contact.lastName, "Martin");
  assert.ok((await removeAffiliation(person?.id ?? 0, by)).ok);
  for (const page of [
    await listContactTimeline(contactId, {}),
    await listOrganisationTimeline(organisationId, {}),
  ])
    assert.deepEqual(
      page.rows.filter((row) => row.kind.startsWith("aff")).map((row) => row.kind),
      ["affiliation.removed", "affiliation.added"],
    );
});

test("organisations are found by words, by the beginning of a number, page by page", async () => {
  await sql`insert into organisations (name, siren, updated_at) select 'Société ' || lpad(n::text, 3, '0'), lpad(n::text, 9, '9'), now() from generate_series(1, 120) n`;
  const search = (change: Record<string, string>) => organisationSearch.parse(change);
  assert.equal((await countOrganisations(search({ q: "societe" }))).count, 120);
  assert.deepEqual(
    (await listOrganisations(search({ q: "198 013" }))).rows.map((row) => row.name),
    ["IUT"],
  );
  const first = await listOrganisations(search({ q: "société" }));
  const second = await listOrganisations(search({ q: "société", after: first.next ?? "" }));
  assert.equal(second.rows[0]?.name, "Société 051");
  assert.deepEqual(
    (await listOrganisations(search({ q: "société", before: second.previous ?? "" }))).rows,
    first.rows,
  );
  assert.equal((await searchOrganisations("AGENC"))[0]?.name, "Agence");
});

test("a contact's timeline gathers mails, subscriptions and acts, page by page", async () => {
  const id = await contact("Longue");
  await sql`insert into activities (kind, contact_id, at) select 'contact.updated', ${id}::int, now() - n * interval '1 hour' from generate_series(1, 40) n`;
  await sql`insert into subscription_events (contact_id, topic_id, change, via, at) select ${id}::int, min(id), 'subscribed', 'page', now() from topics`;
  const first = await listContactTimeline(id, {});
  assert.deepEqual(
    [first.rows.length, first.rows[0]?.source, first.rows[0]?.topicName, first.previous],
    [30, "subscription", "Lettre SRC", null],
  );
  const second = await listContactTimeline(id, { after: first.next ?? "" });
  assert.deepEqual([second.rows.length, second.next], [11, null]);
  assert.deepEqual((await listContactTimeline(id, { before: second.previous ?? "" })).rows, first.rows);
});
