import "#lib/test-db";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { sql } from "#lib/db";
import { search } from "./queries.ts";

before(async () => {
  await sql`insert into contacts (kind, first_name, last_name, archived_at) values
    ('former_src', 'Inès', 'Garnier', null), ('former_src', 'Marie', 'Garnier', null),
    ('professional', 'Paul', 'Inestimable', null), ('staff', 'Inès', 'Archivée', now())`;
  await sql`insert into email_addresses (contact_id, address, address_hash, is_primary)
    values (1, 'ines.g@src.example', decode(repeat('00', 32), 'hex'), true), (2, 'marie_100@src.example', decode(repeat('01', 32), 'hex'), true)`;
  await sql`insert into organisations (name, city) values ('Garnier & Fils', 'Pessac'), ('Agence Garonne', 'Bordeaux')`;
  await sql`insert into campaigns (name, model, topic_id, subject) values ('Lettre de novembre', 'src', 1, 'Rencontre Garnier')`;
});

const names = (hits: { label: string }[]) => hits.map((hit) => hit.label);

describe("the palette's search", () => {
  it("finds every kind, without accents or capitals", async () => {
    const found = await search("GARNIER");
    assert.deepEqual(names(found.contacts), ["Inès Garnier", "Marie Garnier"]);
    assert.deepEqual(found.contacts[0], { id: 1, label: "Inès Garnier", detail: "ines.g@src.example" });
    assert.deepEqual(names(found.organisations), ["Garnier & Fils"]);
    assert.deepEqual(names(found.campaigns), ["Lettre de novembre"]);
  });

  it("wants every word, in any order, and leaves the archived out", async () => {
    assert.deepEqual(names((await search("ines garnier")).contacts), ["Inès Garnier"]);
    assert.deepEqual(names((await search("garnier ines")).contacts), ["Inès Garnier"]);
    assert.deepEqual(names((await search("archivée")).contacts), []);
  });

  it("finds by address, and takes % and _ for themselves", async () => {
    assert.deepEqual(names((await search("ines.g@")).contacts), ["Inès Garnier"]);
    assert.deepEqual(names((await search("e_1")).contacts), ["Marie Garnier"]);
    assert.deepEqual(names((await search("%%")).contacts), []);
  });

  it("takes one or two letters for the beginning of a word", async () => {
    assert.deepEqual(names((await search("in")).contacts), ["Paul Inestimable", "Inès Garnier"]);
    assert.deepEqual(names((await search("er")).contacts), []);
    assert.deepEqual(names((await search("ga")).organisations), ["Garnier & Fils", "Agence Garonne"]);
  });

  it("says nothing to one letter", async () => {
    assert.deepEqual(await search("g"), { contacts: [], organisations: [], campaigns: [] });
  });
});
