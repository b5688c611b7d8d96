/** The generation file when it is not what we wrote: nothing may be concluded from it, and nothing leaves by it. */
import "#testing/database";
import assert from "node:assert/strict";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { disconnect, sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { beat, mayLeave } from "#lib/machine/installation/beat";
import { isAhead, readWitness, witnessFolder, writeWitness } from "#lib/machine/installation/witness";

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
