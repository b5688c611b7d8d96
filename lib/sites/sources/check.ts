/** « Vérifier »: what the script of a site finds wrong there, and the first of its people as they would come. */
import { z } from "zod";
import { sql } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { anyAddress, publicAddress } from "#lib/sites/sources/fetch";
import type { RawContact } from "#lib/sites/sources/format";
import { parseContacts } from "#lib/sites/sources/parse";
import { type FileRefusalReason, FileRefused } from "#lib/sites/sources/refusal";
import { listSecrets, secretAnswered } from "#lib/sites/sources/secret";
import { askSite, type Learnt, type Site } from "#lib/sites/sources/signed";

/** What the script may find; each has a sentence with its cure (`sources.script.findings.…`). */
export const findings = [
  "database",
  "emptyTable",
  "keyNotUnique",
  "mojibake",
  "noColumn",
  "noHttps",
  "noName",
  "noPdo",
  "noTable",
  "otherCharset",
  "passwordInScript",
  "zeroDates",
] as const;

const text = z.string().max(4000).optional().default("");
const told = z.object({
  facts: z.object({ php: text, server: text, memory: text, seconds: text, rows: text, columns: text }),
  findings: z.array(z.object({ code: z.enum(findings), columns: text, table: text, number: text })).max(50),
});

export type Person = { id: string; values: [field: string, value: string][] };
export type Checked = z.output<typeof told> & { sample: Person[] };

/**
 * Asks the site of a source; nothing is kept of what it answers. Refused with a reason of `fileRefusals`.
 * @unaudited Nothing is changed by asking.
 */
export async function checkSite(
  id: number,
): Promise<Result<{ data: Checked }, FileRefusalReason | "notFound">> {
  const [source] = await sql<{ key: string; url: string | null; allowPrivate: boolean }>`
    select key, url, allow_private as "allowPrivate" from sources where id = ${id} and archived_at is null`;
  if (!source) return refused("notFound");
  try {
    if (!source.url) throw new FileRefused("noUrl");
    const site: Site = {
      url: source.url,
      key: source.key,
      allowed: source.allowPrivate ? anyAddress : publicAddress,
      secrets: await listSecrets(id),
      idle: 15_000,
      total: 25_000,
    };
    const learnt: Learnt = {};
    const checked = await readCheck(site, learnt);
    const broken = checked.findings.some(({ code }) => /^(database|no)/.test(code) && code !== "noHttps");
    const sample = broken ? [] : await readSample(site);
    if (learnt.secretId) await secretAnswered(id, learnt.secretId);
    return { ok: true, data: { ...checked, sample } };
  } catch (error) {
    if (error instanceof FileRefused) return refused(error.reason, error.data);
    throw error;
  }
}

async function readCheck(site: Site, learnt: Learnt) {
  const { body } = await askSite(site, "check", 1, learnt);
  const [, packed] = /<check>([\w+/=]{0,40000})<\/check>/.exec(Buffer.from(body).toString("latin1")) ?? [];
  const parsed = told.safeParse(jsonOf(Buffer.from(packed ?? "", "base64").toString()));
  if (!parsed.success) throw new FileRefused("siteCuts");
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Read by the same parser as a run's file. */
async function readSample(site: Site): Promise<Person[]> {
  const { body, end } = await askSite(site, "page", 3, {});
  async function* document() {
    yield Buffer.from(`<contacts source="${site.key}" version="1.1">`);
    yield body;
    yield Buffer.from(`<end rows="${end.rows}"/></contacts>`);
  }
  const people: Person[] = [];
  for await (const contact of parseContacts(document(), site.key)) people.push(personOf(contact));
  return people;
}

const personOf = ({ id, fields, emails, clears }: RawContact): Person => ({
  id,
  values: [
    ...Object.entries(fields).map(([field, { value }]): [string, string] => [field, value]),
    ...emails.map(({ value }): [string, string] => ["email", value]),
    ...clears.map((field): [string, string] => [field, ""]),
  ],
});
