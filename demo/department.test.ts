import assert from "node:assert/strict";
import { test } from "node:test";
import { inventDepartment, sources } from "#demo/department";
import { letterWords } from "#demo/letter";
import { pastLetters } from "#demo/past";
import { headcounts, marked } from "#demo/people";
import { compileCampaign } from "#emails/compile";
import { modelKey } from "#lib/letters/campaigns/content";
import { settleBlocks } from "#lib/letters/campaigns/rules";
import { draftBlocks } from "#lib/letters/campaigns/schema";
import { markOf } from "#lib/letters/sandbox/marks";
import { acceptAddress, acceptPhone } from "#lib/people/contacts/rules";
import { isSiret } from "#lib/people/organisations/rules";
import { parseContacts } from "#lib/sites/sources/parse";
import { judge } from "#lib/sites/sources/rules";
import { exampleBrand } from "#testing/examples";

const began = new Date("2026-11-23T08:00:00Z");
const department = inventDepartment(began);
const everybody = [...department.sites.bordeauxelab, ...department.sites.elabstages];

async function* bytes(text: string) {
  yield Buffer.from(text);
}

async function read(key: (typeof sources)[number]["key"], edition: "summer" | "today") {
  const topics = new Map([["src", { needsProof: true }]]);
  const judged = [];
  for await (const raw of parseContacts(bytes(department.feed(key, edition)), key))
    judged.push(judge(raw, topics));
  return judged;
}

test("the same seed tells the same story, another seed another one", () => {
  const again = inventDepartment(began);
  assert.equal(again.feed("bordeauxelab", "today"), department.feed("bordeauxelab", "today"));
  assert.notEqual(
    inventDepartment(began, 34).feed("elabstages", "today"),
    department.feed("elabstages", "today"),
  );
});

test("our own reader takes every row of both files, without a note", async () => {
  for (const { key } of sources) {
    for (const edition of ["summer", "today"] as const) {
      const judged = await read(key, edition);
      assert.deepEqual(
        judged.flatMap(({ errors }) => errors),
        [],
        `${key} ${edition}`,
      );
      assert.ok(judged.every(({ row }) => row !== null));
    }
    assert.equal((await read(key, "today")).length, department.sites[key].length);
    assert.ok((await read(key, "summer")).length < department.sites[key].length, "somebody came since");
  }
});

test("it has 1 200 people, some known to both sites by one address", () => {
  const { both, ...kinds } = headcounts;
  const people = Object.values(kinds).reduce((sum, n) => sum + n, 0);
  assert.equal(people, 1200);
  assert.equal(everybody.length, people + both);
  const addresses = everybody.map(({ email }) => email).filter(Boolean);
  assert.equal(new Set(addresses).size, addresses.length - both);
  assert.equal(new Set(everybody.map(({ id }) => id)).size, everybody.length);
});

test("nothing of it exists: reserved domains, telephone ranges of fiction", () => {
  for (const { email, phone } of everybody) {
    assert.ok(email === "" || (email.endsWith(".example") && acceptAddress(email) === email), email);
    assert.ok(phone === "" || (phone.startsWith("06 39 98 ") && acceptPhone(phone, "FR")), phone);
  }
  for (const { domain, phone } of department.companies) {
    assert.match(domain, /^[a-z0-9-]+\.example$/);
    assert.ok(acceptPhone(phone, "FR"), phone);
  }
});

test("its eighty organisations have distinct, valid SIRETs, and somebody each before summer", () => {
  const sirets = department.companies.map(({ siret }) => siret);
  assert.equal(new Set(sirets).size, 80);
  assert.deepEqual(
    sirets.filter((siret) => !isSiret(siret)),
    [],
  );
  const served = new Set(everybody.filter(({ isNew }) => !isNew).map(({ post }) => post?.company.siret));
  assert.deepEqual(
    sirets.filter((siret) => !served.has(siret)),
    [],
  );
});

test("the sandbox is asked what the story needs", () => {
  const counts: Record<string, number> = {};
  for (const { email } of department.sites.bordeauxelab.concat(department.sites.elabstages)) {
    const key = markOf(email)?.key;
    if (key) counts[key] = (counts[key] ?? 0) + 1;
  }
  assert.deepEqual(counts, marked);
});

test("every letter may be sent as it is", async () => {
  const letters = [{ ...letterWords("https://src.example/soir.png"), model: "src" }, ...pastLetters];
  for (const { model, subject, preheader, issue, blocks } of letters) {
    assert.deepEqual(draftBlocks.parse(blocks).length, blocks.length);
    const { findings } = settleBlocks(blocks);
    assert.deepEqual(findings, []);
    const compiled = await compileCampaign({
      ...{
        model: modelKey(model),
        brand: exampleBrand,
        locale: "fr",
        subject,
        preheader,
        issue,
        signature: [],
      },
      blocks: settleBlocks(blocks).blocks,
    });
    assert.deepEqual(
      compiled.findings.filter(({ level }) => level === "error"),
      [],
      subject,
    );
  }
});
