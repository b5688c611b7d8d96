import "#testing/database";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { auditActions } from "#lib/department/audit/actions";
import { actOn, audited, auditedRows, recordAudit } from "#lib/department/audit/mutations";
import { listAudit } from "#lib/department/audit/queries";
import { auditSearch } from "#lib/department/audit/schema";
import { pool, sql, sqlOn } from "#lib/machine/db";
import { catalogs } from "#lib/machine/messages/catalog";
import { ok, type Result, refused } from "#lib/machine/result";
import { createUser } from "#lib/office/users/command";
import { everyone } from "#testing/campaigns";

const list = (search: Record<string, string> = {}) => listAudit(auditSearch.parse(search));
const actions = async (search: Record<string, string>) =>
  (await list(search)).rows.map(({ action }) => action);

describe("the journal", () => {
  before(async () => {
    for (const [name, email] of [
      ["Ada Lovelace", "ada@src.example"],
      ["Zoé Martin", "zoe@src.example"],
    ] as const)
      await createUser({ email, name, role: "administrator" }, "une phrase bien longue");
    await sql`insert into contacts (kind, first_name, last_name) values ('former_src', 'Élodie', 'Durand')`;
    await sql`insert into organisations (name) values ('Agence Garonne')`;
  });

  it("has a sentence for each act, in both languages", () => {
    for (const locale of ["fr", "en"] as const) {
      const sentences = catalogs[locale].audit.sentences as Record<string, Record<string, string>>;
      const said = Object.entries(sentences).flatMap(([noun, verbs]) =>
        Object.keys(verbs).map((verb) => `${noun}.${verb}`),
      );
      assert.deepEqual(said.toSorted(), auditActions.toSorted(), locale);
    }
  });

  it("names nothing twice in a sentence: a link and a word of one name would show neither", () => {
    for (const locale of ["fr", "en"] as const) {
      const sentences = catalogs[locale].audit.sentences as Record<string, Record<string, string>>;
      for (const sentence of Object.values(sentences).flatMap((verbs) => Object.values(verbs))) {
        const links = [...sentence.matchAll(/<(\w+)>/g)].map(([, name]) => name);
        const words = [...sentence.matchAll(/\{(\w+)/g)].map(([, name]) => name);
        assert.deepEqual(
          links.filter((name) => words.includes(name)),
          [],
          sentence,
        );
      }
    }
  });

  it("is filtered by person, kind and day of Paris, with the names of today", async () => {
    await recordAudit(
      {
        userId: 1,
        action: "contact.updated",
        subject: "contact",
        subjectId: 1,
        data: { fields: ["city"] },
      },
      pool(),
    );
    await recordAudit(
      {
        userId: 2,
        action: "affiliation.added",
        subject: "organisation",
        subjectId: 1,
        data: { contactId: 1 },
      },
      pool(),
    );
    await sql`insert into audit_entries (at, user_id, action, subject, subject_id) values ('2026-03-01T23:30:00Z', 2, 'contact.archived', 'contact', 999)`;
    assert.deepEqual(await actions({ by: "1" }), ["contact.updated"]);
    assert.deepEqual(await actions({ by: "2" }), ["affiliation.added", "contact.archived"]);
    assert.deepEqual(await actions({ by: "system" }), ["user.created", "user.created"]);
    assert.deepEqual(await actions({ subject: "contact" }), ["contact.updated", "contact.archived"]);
    assert.deepEqual(await actions({ from: "2026-03-02", to: "2026-03-02" }), ["contact.archived"]);
    assert.deepEqual(await actions({ to: "2026-03-01" }), []);
    await sql`update contacts set last_name = 'Durand-Roy' where id = 1`;
    const [added, updated] = (await list()).rows;
    assert.deepEqual(
      [added?.user, added?.name, added?.other],
      ["Zoé Martin", "Agence Garonne", "Élodie Durand-Roy"],
    );
    assert.deepEqual([updated?.user, updated?.name], ["Ada Lovelace", "Élodie Durand-Roy"]);
    assert.equal((await list({ subject: "contact" })).rows.at(-1)?.name, null, "what is gone has no name");
  });

  it("keeps where a sign-in came from apart, and nothing where none is told", async () => {
    const networks = async () =>
      (await sql<{ network: string }>`select network from sign_in_networks`).map(({ network }) => network);
    await recordAudit({ userId: 1, action: "user.enabled", subject: "user", subjectId: 2 }, pool());
    assert.deepEqual(await networks(), []);
    await recordAudit(
      { userId: 1, action: "user.signedIn", subject: "user", subjectId: 1 },
      pool(),
      "192.0.2.1",
    );
    assert.deepEqual(await networks(), ["192.0.2.1"]);
    assert.deepEqual(
      (await list({ subject: "user" })).rows.slice(0, 2).map(({ action, network }) => [action, network]),
      [
        ["user.signedIn", "192.0.2.1"],
        ["user.enabled", null],
      ],
    );
  });

  it("is read page by page, forth and back, whatever was filtered, even at one instant", async () => {
    await sql`insert into audit_entries (at, user_id, action, subject, subject_id)
      select '2025-01-01', 1, 'source.edited', 'source', n from generate_series(1, 120) n`;
    const seen: (number | null)[] = [];
    let page = await list({ subject: "source" });
    for (;;) {
      seen.push(...page.rows.map(({ subjectId }) => subjectId));
      if (!page.next) break;
      page = await list({ subject: "source", after: page.next });
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 120 }, (_, n) => 120 - n),
    );
    const back = await list({ subject: "source", before: page.previous ?? "" });
    assert.deepEqual(
      back.rows.map(({ subjectId }) => subjectId),
      seen.slice(50, 100),
    );
  });

  it("takes what cannot be read in an address for no filter", async () => {
    const all = (await list()).rows.length;
    for (const search of [
      { by: "0" },
      { by: "99999999999" },
      { subject: "x" },
      { from: "2026-02-31" },
      { to: "0000-00-00" },
      { after: "WyJ4Iiwi4" },
    ] as Record<string, string>[])
      assert.equal((await list(search)).rows.length, all, JSON.stringify(search));
    for (const keys of [
      ["x", 1],
      [1e300, 1],
      [1, 1e300],
    ])
      await assert.doesNotReject(
        list({ after: Buffer.from(JSON.stringify(keys)).toString("base64url") }),
        JSON.stringify(keys),
      );
  });
});

describe("an audited write", () => {
  const fact = actOn("segment.created", 1, null);
  const written = async () => [
    (await sql`select from segments where name = 'Essai'`).length,
    (await sql`select from audit_entries where action = 'segment.created'`).length,
  ];
  const bySql = (answer: Result) =>
    audited(fact, async (client) => {
      await sqlOn(
        client,
      )`insert into segments (name, criteria) values ('Essai', ${JSON.stringify(everyone)}::jsonb)`;
      return answer;
    });
  const byRows = (answer: Result) =>
    auditedRows(fact, async (rows) => {
      await rows.segment.create({ data: { name: "Essai", criteria: everyone } });
      return answer;
    });

  it("that is refused leaves nothing of what it wrote before it knew", async () => {
    for (const write of [bySql, byRows])
      assert.deepEqual(await write(refused("changed", { count: 2 })), {
        ok: false,
        reason: "changed",
        params: { count: 2 },
      });
    assert.deepEqual(await written(), [0, 0]);
  });

  it("is there with its entry, and neither when it throws", async () => {
    for (const write of [bySql, byRows]) {
      assert.deepEqual(await write(ok), ok);
      await assert.rejects(
        audited(fact, async (client) => {
          await sqlOn(
            client,
          )`insert into segments (name, criteria) values ('Essai', ${JSON.stringify(everyone)}::jsonb)`;
          throw new Error("no");
        }),
        /^Error: no$/,
      );
    }
    assert.deepEqual(await written(), [2, 2]);
  });
});
