import "#testing/database";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { pool, sql, transaction } from "#lib/machine/db";
import { Values } from "#lib/machine/keyset";
import { matching } from "#lib/people/contacts/list";
import { listContacts } from "#lib/people/contacts/queries";
import { contactSearch } from "#lib/people/contacts/schema";
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
    await sql`insert into campaigns (name, model, topic_id, subject, archived_at) values ('Rangée', 'src', 1, '', now())`;
    await sql`insert into organisations (name, archived_at) values ('Rangée', now())`;
    assert.deepEqual(await search("rangée"), { contacts: [], organisations: [], campaigns: [] });
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

  it("finds people as their names are written elsewhere, in the list as in the palette", async () => {
    await sql`insert into contacts (kind, first_name, last_name) values
      ('former_src', 'Anne Marie', 'Saint-Exubert'), ('former_src', 'Jean-Pierre', 'Le Goffic'),
      ('former_src', 'Idée', 'Domaine'), ('former_src', 'Zoé', 'L’Hermitte'), ('former_src', 'ＴＡＲＯ', 'D''Œuvre')`;
    await sql`insert into email_addresses (contact_id, address, address_hash, is_primary)
      select id, case last_name when 'Domaine' then 'contact@xn--ducation-90a.example' else 'n' || id || '@src.example' end,
        sha256(id::text::bytea), true from contacts where last_name in ('Saint-Exubert', 'Le Goffic', 'Domaine')`;
    const goffic = (await sql<{ id: number }>`select id from contacts where last_name = 'Le Goffic'`)[0]?.id;
    const typed: [string, string[]][] = [
      ["anne-marie saint exubert", ["Anne Marie Saint-Exubert"]],
      ["Saint-Exubert", ["Anne Marie Saint-Exubert"]],
      ["Le Goffic, Jean-Pierre", ["Jean-Pierre Le Goffic"]],
      ["Le Goffic Jean Pierre", ["Jean-Pierre Le Goffic"]],
      [`Jean <n${goffic}@src.example>`, ["Jean-Pierre Le Goffic"]],
      [`mailto:N${goffic}@src.example`, ["Jean-Pierre Le Goffic"]],
      [`"Le Goffic, J.-P." <mailto:n${goffic}@src.example>;`, ["Jean-Pierre Le Goffic"]],
      [`n${goffic}＠src.example`, ["Jean-Pierre Le Goffic"]],
      ["contact@éducation.example", ["Idée Domaine"]],
      ["@éducation.example", ["Idée Domaine"]],
      ["éducation.example", ["Idée Domaine"]],
      ["l'hermitte", ["Zoé L’Hermitte"]],
      ["L\u2019HER\u00admitte", ["Zoé L’Hermitte"]],
      ["taro d’oeuvre", ["ＴＡＲＯ D'Œuvre"]],
      ["％％％", []],
      ["＿", []],
      ["\\", []],
      ["-", []],
    ];
    for (const [text, found] of typed) {
      assert.deepEqual(names((await search(text)).contacts), found, text);
      const { rows } = await listContacts(contactSearch.parse({ q: text }));
      assert.deepEqual(
        rows.map((row) => `${row.firstName} ${row.lastName}`),
        found,
        text,
      );
    }
  });

  it("goes through the indexes", async () => {
    await sql`insert into contacts (kind, first_name, last_name) select 'former_src', 'Prénom' || n, 'Nom-' || n from generate_series(1, 20000) n`;
    await sql`insert into email_addresses (contact_id, address, address_hash) select id, 'p' || id || '@src.example', sha256(id::text::bytea) from contacts where last_name like 'Nom-%'`;
    await pool().query("analyze contacts, email_addresses");
    for (const q of ["prénom1234 nom", "Jean <p1234@src.example>", "nom-15"]) {
      const values = new Values();
      const text = matching(contactSearch.parse({ q }), values, 100);
      // What the planner does when it may not read a whole table, if it can do without: at a million it must.
      const rows = await transaction(async (client) => {
        await client.query("set local enable_seqscan = off");
        return (await client.query<{ "QUERY PLAN": string }>(`explain ${text}`, values.list)).rows;
      });
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      assert.doesNotMatch(plan, /Seq Scan/, `${q}\n${plan}`);
    }
  });
});
