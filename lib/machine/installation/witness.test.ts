/** The generation file when it is not what we wrote: nothing may be concluded from it, and nothing leaves by it. */
import "#testing/database";
import assert from "node:assert/strict";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { disconnect, sql, transaction } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { beat, mayLeave } from "#lib/machine/installation/beat";
import { hold, holdRestored, letGo, recordOppositions, setGeneration } from "#lib/machine/installation/hold";
import { isAhead, readWitness, witnessFolder, writeWitness } from "#lib/machine/installation/witness";
import { sendingCampaign } from "#testing/deliveries";

const folder = fs.mkdtempSync(join(tmpdir(), "src-witness-"));
env.dataDir = folder;
after(() => fs.rmSync(folder, { recursive: true }));
after(disconnect);

async function enrolled() {
  await sql`update installation set held_at = null, held_why = null, uuid = null`;
  await beat();
  await beat();
  const [row] = await sql<{ uuid: string }>`select uuid from installation`;
  return join(witnessFolder(), `${row?.uuid}.json`);
}

test("emptied, cut or somebody else’s, it is no witness: held", { timeout: 60_000 }, async () => {
  const file = await enrolled();
  assert.equal(await mayLeave(), true);
  for (const text of ['{"generation": 1', '{"generation":"x","beat":1}', ""]) {
    fs.writeFileSync(file, text);
    assert.equal(readWitness(basename(file, ".json")), null, JSON.stringify(text));
  }
  assert.deepEqual(await beat(), { held: "absent" });
  assert.equal(await mayLeave(), false);
});

test("unreadable, nothing is concluded: the beat is refused in a sentence, and the file is left", async () => {
  const file = await enrolled();
  fs.rmSync(file);
  fs.mkdirSync(file);
  await assert.rejects(beat(), /cannot be read\. Run the command as the user who installed/);
  const [row] = await sql<{ beats: number }>`select beat::int as beats from installation`;
  await assert.rejects(beat());
  assert.deepEqual(await sql`select beat::int as beats from installation`, [row], "nor is it raised");
  fs.rmdirSync(file);
});

test("what is remembered never goes back, and a later generation is ahead of any beat", () => {
  const uuid = "00000000-0000-4000-8000-000000000000";
  assert.equal(readWitness(uuid), null);
  writeWitness(uuid, { generation: 2, beat: 5 });
  writeWitness(uuid, { generation: 2, beat: 4 });
  writeWitness(uuid, { generation: 1, beat: 9 });
  assert.deepEqual(readWitness(uuid), { generation: 2, beat: 5 });
  writeWitness(uuid, { generation: 3, beat: 0 });
  assert.deepEqual(readWitness(uuid), { generation: 3, beat: 0 });
  assert.equal(isAhead({ generation: 2, beat: 5 }, { generation: 2, beat: 5 }), false);
});

const generation = async () =>
  (await sql<{ n: number }>`select generation as n from installation`)[0]?.n ?? 0;

test("after a long silence it is held for what is due, and for nothing else", async () => {
  await enrolled();
  const { campaign } = await sendingCampaign({ port: 1, recipients: 1 });
  const afterSilence = async () => {
    await sql`update installation set held_at = null, held_why = null, beat_at = now() - interval '16 minutes'`;
    return (await beat()).held;
  };
  const state = (status: string, due: string | null) => sql`
    update campaigns set status = ${status}::"CampaignStatus", scheduled_for = now() + ${due}::interval where id = ${campaign}`;
  assert.equal(await afterSilence(), "silent", "under way");
  await state("paused", null);
  const before = await generation();
  assert.equal(await afterSilence(), null, "in pause: somebody’s wish");
  assert.ok((await generation()) > before, "and a new generation begins");
  await state("scheduled", "1 hour");
  assert.equal(await afterSilence(), null, "of later");
  await state("scheduled", "-1 minute");
  assert.equal(await afterSilence(), "silent", "due");
  await state("paused", null);
  await sql`update deliveries set campaign_id = null where campaign_id = ${campaign}`;
  assert.equal(await afterSilence(), "silent", "a letter waits");
  await sql`update deliveries set status = 'failed', reason = 'givenUp', settled_at = now() where campaign_id is null`;
  assert.equal(await afterSilence(), null, "it has ended");
});

test("a hold is one, numbers jump once, and only it is what is let go", async () => {
  await enrolled();
  await sql`delete from restores`;
  await sql`create sequence near_the_end as integer start 2000000001`;
  await sql`select nextval('near_the_end')`;
  await sql`create schema elsewhere`;
  await sql`create sequence elsewhere.theirs`;
  const last = async (name: string) =>
    (
      await sql<{ n: number }>`
      select coalesce(last_value, 0)::float8 as n from pg_sequences where schemaname || '.' || sequencename = ${name}`
    )[0]?.n ?? 0;
  const contacts = await last("public.contacts_id_seq");
  assert.equal(await hold("restored"), true);
  const held = await generation();
  assert.equal(await hold("behind"), false, "held already");
  await transaction((client) => setGeneration(client, 5));
  assert.equal(await generation(), held, "nor does it ever go back");
  assert.equal((await last("public.contacts_id_seq")) - Math.max(contacts, 1), 1_000_000);
  assert.equal(await last("public.near_the_end"), 2_000_000_001, "it has no room to jump");
  assert.equal(await last("elsewhere.theirs"), 0, "not ours");
  await recordOppositions(2);
  assert.equal(await transaction((client) => letGo(client, null)), true);
  assert.equal(await transaction((client) => letGo(client, null)), false, "nothing is held");
  await recordOppositions(5);
  await transaction(holdRestored);
  await recordOppositions(1);
  const rows = await sql<{ why: string; oppositions: number; open: boolean }>`
    select why, oppositions, acknowledged_at is null as open from restores order by id`;
  assert.deepEqual(
    rows.map(({ why, oppositions, open }) => [why, oppositions, open]),
    [
      ["restored", 2, false],
      ["restored", 1, true],
    ],
  );
  await sql`drop schema elsewhere cascade`;
});
