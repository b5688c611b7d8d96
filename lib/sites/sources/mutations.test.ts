import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { db } from "#lib/machine/db";
import {
  archiveSource,
  createSource,
  editSource,
  requestSync,
  restoreSource,
} from "#lib/sites/sources/mutations";
import { sourceInput } from "#lib/sites/sources/schema";

beforeEach(() => db.source.deleteMany({}));

const url = "https://site.example/feed.xml";
const form = (over: Record<string, string> = {}) =>
  sourceInput.parse({ name: "Site", key: "site", url, defaultKind: "former_src", ...over });
async function given(over: Record<string, string> = {}): Promise<number> {
  const made = await createSource(form(over), null);
  assert.ok(made.ok);
  return made.id;
}
const stored = (id: number) => db.source.findUniqueOrThrow({ where: { id } });

test("a reading is queued for one source in use that has an address, once", async () => {
  const [id, silent] = [await given(), await given({ key: "silent", url: "" })];
  assert.deepEqual(await requestSync(silent, null), { ok: false, reason: "noUrl" });
  assert.deepEqual(await requestSync(999_999, null), { ok: false, reason: "notFound" });
  const asked = await requestSync(id, null);
  assert.ok(asked.ok);
  const runs = await db.syncRun.findMany({ select: { id: true, sourceId: true, status: true } });
  assert.deepEqual(runs, [{ id: asked.runId, sourceId: id, status: "queued" }]);
  assert.deepEqual(await requestSync(id, null), { ok: false, reason: "alreadyRunning" });
  await db.syncRun.deleteMany({});
  await archiveSource(id, null);
  assert.deepEqual(await requestSync(id, null), { ok: false, reason: "notFound" }, "archived");
  assert.equal(await db.syncRun.count(), 0);
});

test("what is done to one source is done to no other, and once", async () => {
  const [id, other] = [await given(), await given({ key: "other", name: "Autre", token: "secret" })];
  const before = await stored(other);
  assert.deepEqual(await createSource(form(), null), { ok: false, reason: "keyTaken" });
  assert.deepEqual(await editSource(id, form({ name: "Nouveau", token: "t" }), null), { ok: true });
  assert.deepEqual(await restoreSource(id, null), { ok: false, reason: "notFound" });
  assert.deepEqual(await archiveSource(id, null), { ok: true });
  assert.deepEqual(await archiveSource(id, null), { ok: false, reason: "notFound" });
  assert.deepEqual(await restoreSource(id, null), { ok: true });
  assert.deepEqual(await editSource(999_999, form(), null), { ok: false, reason: "notFound" });
  assert.deepEqual(await stored(other), before);
});

test("where its requests may come from is written as addresses and networks; the entry that is neither is named", async () => {
  const id = await given({ networks: " 192.0.2.7,10.0.0.0/8\n2001:db8::/32 ; ::1 " });
  assert.deepEqual((await stored(id)).networks, ["192.0.2.7", "10.0.0.0/8", "2001:db8::/32", "::1"]);
  const wrong = form({ key: "autre", networks: "192.0.2.7 10.0.0.0/33 site.example" });
  const said = { ok: false, reason: "badNetwork", params: { entry: "10.0.0.0/33" } };
  assert.deepEqual(await createSource(wrong, null), said);
  assert.deepEqual(await editSource(id, wrong, null), said);
  assert.equal((await stored(id)).networks.length, 4);
  await editSource(id, form(), null);
  assert.deepEqual((await stored(id)).networks, []);
});

test("an empty token keeps the sealed one, until it is to be forgotten", async () => {
  const id = await given({ token: "secret" });
  const { sealedToken } = await stored(id);
  assert.ok(sealedToken);
  await editSource(id, form(), null);
  assert.deepEqual((await stored(id)).sealedToken, sealedToken);
  await editSource(id, form({ forgetToken: "true", url: "" }), null);
  const { sealedToken: left, url: address } = await stored(id);
  assert.deepEqual([left, address], [null, null]);
});
