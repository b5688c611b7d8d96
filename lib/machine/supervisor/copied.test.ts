import "#testing/database";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { disconnect, sql } from "#lib/machine/db";
import { latestBeat, mayLeave } from "#lib/machine/installation/beat";
import { holdCopy, type Installation } from "#lib/machine/supervisor/installation";

after(disconnect);

test("nothing leaves a copied folder, and that is remembered once it is held", async () => {
  let settled = 0;
  const opened = (copied: boolean) =>
    ({ server: { copied, settle: () => settled++ } }) as unknown as Installation;
  await holdCopy(opened(false));
  await holdCopy({ server: null } as Installation);
  assert.equal(await mayLeave(), true, String(latestBeat()));
  await holdCopy(opened(true));
  assert.equal(await mayLeave(), false);
  assert.deepEqual(await sql`select held_why from installation`, [{ held_why: "copied" }]);
  assert.equal(settled, 1);
});
