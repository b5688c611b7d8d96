import "#testing/database";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { sql } from "#lib/machine/db";
import { person } from "#testing/campaigns";

const folder = await mkdtemp(join(tmpdir(), "src-privacy-"));
after(() => rm(folder, { recursive: true }));

const crm = (...words: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["bin/crm.ts", ...words], {
    env: { ...process.env, SRC_DATA_DIR: folder, LOG_LEVEL: "silent" },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
};

it("an administrator erases somebody from a terminal, by a word more, and again after a restore", async () => {
  const id = await person({ addresses: [{ address: "jeanne@ailleurs.example", isPrimary: true }] });
  const exists = async () => (await sql`select id from contacts where id = ${id}`).length === 1;
  assert.equal(crm("contact", "erase", "jeanne@ailleurs.example").status, 2, "no reason given");
  assert.equal(crm("contact", "erase", "personne@ailleurs.example", "--why", "request", "--yes").status, 1);
  const asked = crm("contact", "erase", "Jeanne@ailleurs.example", "--why", "request");
  assert.match(asked.stdout, /Ajoutez --yes/);
  assert.ok(await exists(), "only said");
  const done = crm("contact", "erase", "jeanne@ailleurs.example", "--why", "request", "--yes", "--json");
  assert.equal(done.status, 0, done.stderr);
  assert.equal(JSON.parse(done.stdout).contactId, id);
  assert.ok(!(await exists()));
  await sql`delete from erasures`;
  const back = await person({ addresses: [{ address: "jeanne@ailleurs.example", isPrimary: true }] });
  await sql`update email_addresses set created_at = now() - interval '1 day' where contact_id = ${back}`;
  assert.match(crm("privacy", "replay").stdout, /: 1\n/);
  assert.equal((await sql`select id from contacts where id = ${back}`).length, 0);
  assert.equal(crm("privacy", "replay", join(folder, "absent.jsonl")).status, 2);
});
