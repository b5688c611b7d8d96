/** Attachments in a folder: chosen, kept, sent, missed and removed; and that no letter leaves without what it says is joined. */
import "#testing/database";
import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { simpleParser } from "mailparser";
import { findAttachmentsFolder, saveAttachmentsFolder } from "#lib/department/settings/attachments-folder";
import { attachmentsInput } from "#lib/department/settings/schema";
import { keepFile, removeLoose } from "#lib/letters/attachments/folder";
import { dropFile, joinFile } from "#lib/letters/attachments/mutations";
import { findLost, listOfDraft, piecesOf } from "#lib/letters/attachments/queries";
import { pieceBytes } from "#lib/letters/attachments/schema";
import { type Engine, startEngine } from "#lib/letters/deliveries/send";
import { discardDraft } from "#lib/letters/drafts/mutations";
import { sendDraft } from "#lib/letters/drafts/send";
import { listFoldersOutside } from "#lib/machine/backups/queries";
import { db, disconnect, sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { attachmentsHome } from "#lib/machine/installation/witness";
import { startCountingServer } from "#testing/counting-server";
import { sendingCampaign } from "#testing/deliveries";
import { giveDraft, giveUser, person, rowsOf } from "#testing/letters";
import { until } from "#testing/until";

const root = await fs.mkdtemp(join(tmpdir(), "src-attachments-"));
const folder = join(root, "pièces jointes");
const engines: Engine[] = [];
const servers: { close: () => Promise<void> }[] = [];
let by = 0;

before(async () => {
  await sql`update installation set uuid = ${randomUUID()}::uuid`;
  ({ id: by } = await giveUser());
});
beforeEach(async () => {
  await fs.rm(folder, { recursive: true, force: true });
  await fs.mkdir(folder);
  assert.deepEqual(await choose(folder), { ok: true });
});
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
after(async () => {
  await disconnect();
  await fs.rm(root, { recursive: true, force: true });
});

const choose = (path: string) => saveAttachmentsFolder(attachmentsInput.parse({ folder: path }), by);
const pdf = (size = 1_000) => Buffer.concat([Buffer.from("%PDF-1.7\n"), randomBytes(size - 9)]);
const sha = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
/** All that is there, but the mark. */
const kept = async () =>
  (await fs.readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((one) => one.isFile() && one.name !== "src-crm.installation")
    .map(({ name }) => name);
const pathOf = (bytes: Buffer) => join(folder, sha(bytes).slice(0, 2), sha(bytes));

async function given(bytes = pdf()) {
  const draft = await giveDraft(by, [await person()]);
  const joined = await joinFile(draft.id, { name: "a.pdf", bytes }, by);
  assert.ok(joined.ok, JSON.stringify(joined));
  return { draft, bytes, id: joined.id };
}

describe("the folder", () => {
  it("is one that is there and can be written in; else the field says why, and nothing changes", async () => {
    const file = join(root, "fichier");
    await fs.writeFile(file, "x");
    const said = async (path: string) => {
      const answer = await choose(path);
      return answer.ok || ("fields" in answer ? answer.fields.folder : "?");
    };
    for (const [path, fault] of [
      ["pieces", "folderRelative"],
      ["./pieces", "folderRelative"],
      [join(root, "absent"), "folderMissing"],
      [file, "folderMissing"],
      ["/", "folderInside"],
      [process.cwd(), "folderInside"],
      [join(process.cwd(), "public"), "folderInside"],
      ["/proc", "folderLocked"],
    ])
      assert.equal(await said(path ?? ""), `settings.errors.${fault}`, path);
    await fs.symlink(join(process.cwd(), "public"), join(root, "lien"));
    assert.equal(await said(join(root, "lien")), "settings.errors.folderInside");
    const theirs = join(root, "autre");
    await fs.mkdir(theirs);
    await fs.writeFile(join(theirs, "src-crm.installation"), randomUUID());
    assert.equal(await said(theirs), "settings.errors.folderTaken");
    assert.equal(await findAttachmentsFolder(), folder);
    assert.equal(await said(`${folder}/`), true, "again");
    assert.equal(await findAttachmentsFolder(), folder);
  });

  it("of the installation is found again when .data is moved", async () => {
    const { dataDir } = env;
    try {
      env.dataDir = join(root, "data");
      assert.deepEqual(await choose(attachmentsHome()), { ok: true });
      assert.equal(await findAttachmentsFolder(), "attachments");
      const { id, bytes } = await given();
      await fs.rename(env.dataDir, join(root, "moved"));
      env.dataDir = join(root, "moved");
      assert.deepEqual(await listFoldersOutside(), [join(root, "moved/attachments")]);
      assert.ok(Buffer.concat(await Array.fromAsync(piecesOf({ id, size: bytes.length }))).equals(bytes));
      await dropFile(id, by);
      assert.equal(await removeLoose(), 1);
    } finally {
      env.dataDir = dataDir;
    }
  });

  it("holds what is joined from then on, once; what was joined stays where it is, and all is read", async () => {
    await choose("");
    const old = await given();
    assert.deepEqual([await kept(), await listFoldersOutside()], [[], []]);
    await choose(folder);
    const bytes = pdf(2 * pieceBytes + 5);
    const [one, two] = [await given(bytes), await given(bytes)];
    assert.deepEqual(await kept(), [sha(bytes)]);
    assert.equal((await fs.stat(pathOf(bytes))).mode & 0o777, 0o600);
    assert.equal(await db.attachmentChunk.count({ where: { attachmentId: one.id } }), 0);
    await choose("");
    for (const file of [old, one, two]) {
      const pieces = await Array.fromAsync(piecesOf({ id: file.id, size: file.bytes.length }));
      assert.ok(Buffer.concat(pieces).equals(file.bytes));
      assert.ok(pieces.slice(0, -1).every((piece) => piece.length === pieceBytes));
    }
    assert.deepEqual(await listFoldersOutside(), [folder], "a backup does not hold it");
  });

  it("that is away takes nothing, and the draft says so", async () => {
    const draft = await giveDraft(by, [await person()]);
    const before = await given();
    await fs.rename(folder, `${folder}.away`);
    await fs.mkdir(folder);
    const joined = await joinFile(draft.id, { name: "a.pdf", bytes: pdf() }, by);
    assert.deepEqual(joined, { ok: false, reason: "folderAway" });
    assert.deepEqual([await kept(), await listOfDraft(draft.id)], [[], []]);
    const sent = await sendDraft(before.draft, by);
    assert.deepEqual(sent, { ok: false, reason: "folderAway", params: { name: "a.pdf" } });
    await fs.rmdir(folder);
    await fs.rename(`${folder}.away`, folder);
    assert.ok((await sendDraft(before.draft, by)).ok);
  });
});

describe("a file of the folder", () => {
  it("is removed when nothing names it any more, and not before", async () => {
    const bytes = pdf();
    const [one, two, alone] = [await given(bytes), await given(bytes), await given()];
    await dropFile(one.id, by);
    await removeLoose();
    assert.equal((await kept()).length, 2, "another draft has it");
    await discardDraft(two.draft.id, by);
    await sql`update installation set held_at = now(), held_why = 'restored'`;
    assert.equal(await removeLoose(), 0, "what a held backup does not name may be somebody’s");
    await sql`update installation set held_at = null, held_why = null`;
    assert.equal(await removeLoose(), 1);
    assert.deepEqual(await kept(), [sha(alone.bytes)]);
    // Purge and erasure empty the words: the file goes with them.
    await sendDraft(alone.draft, by);
    const [row] = await rowsOf(alone.draft.id);
    await sql`delete from drafts where id = ${alone.draft.id}`;
    await removeLoose();
    assert.equal((await kept()).length, 1, "the letter has it");
    await sql`update contents set html = '' where id = ${row?.delivery?.contentId ?? 0}`;
    await removeLoose();
    assert.deepEqual(await kept(), []);
  });

  it("that was refused, or written as the power went, is removed an hour later; one half written too", async () => {
    const { draft } = await given();
    await sql`update drafts set sent_at = now() where id = ${draft.id}`;
    const late = await joinFile(draft.id, { name: "b.pdf", bytes: pdf() }, by);
    assert.equal(late.ok || late.reason, "notDraft");
    const crashed = pdf();
    await keepFile(folder, crashed);
    const part = `${pathOf(crashed)}.x.part`;
    await fs.writeFile(part, "x");
    await removeLoose();
    assert.equal((await kept()).length, 4);
    await sql`update loose_files set due_at = now()`;
    await removeLoose();
    assert.equal((await kept()).length, 2, "the draft’s, and one that may be being written");
    await fs.utimes(part, 0, 0);
    await keepFile(folder, crashed);
    await sql`update loose_files set due_at = now()`;
    await removeLoose();
    assert.equal((await kept()).length, 1);
    assert.equal(await db.looseFile.count({ where: { folder } }), 0);
  });

  it("joined as its like is removed is there all the same", async () => {
    const bytes = pdf();
    for (let i = 0; i < 10; i++) {
      const { draft } = await given(bytes);
      const [again] = await Promise.all([given(bytes), discardDraft(draft.id, by).then(removeLoose)]);
      assert.equal(await findLost(await listOfDraft(again.draft.id)), null);
      await discardDraft(again.draft.id, by);
      await Promise.all([removeLoose(), removeLoose()]);
    }
  });

  it("waits to be removed where its folder is away", async () => {
    const { id } = await given();
    await fs.rename(folder, `${folder}.away`);
    await dropFile(id, by);
    assert.equal(await removeLoose(), 0);
    await fs.rename(`${folder}.away`, folder);
    await sql`update loose_files set due_at = now()`;
    assert.equal(await removeLoose(), 1);
  });

  it("that is missing, cut or altered refuses the sending, and says which", async () => {
    for (const harm of [
      (path: string) => fs.rm(path),
      (path: string) => fs.truncate(path, 500),
      (path: string) => fs.writeFile(path, pdf()),
    ]) {
      const { draft, bytes } = await given();
      await harm(pathOf(bytes));
      assert.deepEqual(await sendDraft(draft, by), {
        ok: false,
        reason: "fileLost",
        params: { name: "a.pdf" },
      });
      assert.deepEqual(await rowsOf(draft.id), []);
      await joinFile(draft.id, { name: "a.pdf", bytes }, by);
      assert.equal(await findLost(await listOfDraft(draft.id)), null, "joined again, it is mended for both");
    }
  });
});

describe("a letter with a file of the folder", () => {
  async function queued(bytes: Buffer<ArrayBuffer>) {
    const server = await startCountingServer();
    servers.push(server);
    const { identity, campaign } = await sendingCampaign({ port: server.port, recipients: 0 });
    await sql`update campaigns set status = 'cancelled', finished_at = now() where id = ${campaign}`;
    const { draft } = await given(bytes);
    await sql`update drafts set identity_id = ${identity} where id = ${draft.id}`;
    assert.ok((await sendDraft(draft, by)).ok);
    await sql`update deliveries d set due_at = now() from letters l where l.delivery_id = d.id and l.draft_id = ${draft.id}`;
    const state = async () => {
      const [row] = await rowsOf(draft.id);
      return `${row?.delivery?.status} ${row?.delivery?.reason ?? ""}`.trim();
    };
    return {
      server,
      state,
      again: () => sql`
      update deliveries d set due_at = now() from letters l where l.delivery_id = d.id and l.draft_id = ${draft.id}`,
    };
  }
  const run = () => engines.push(startEngine(randomUUID()));

  it("arrives with it, byte for byte", async () => {
    const bytes = pdf(700_003);
    const { server, state } = await queued(bytes);
    run();
    await until(async () => (await state()) === "sent", "sent");
    const mail = await simpleParser(server.last());
    assert.deepEqual(
      mail.attachments.map(({ content }) => sha(content)),
      [sha(bytes)],
    );
  });

  it("is refused with the reason when the file was lost or altered since, and the server is told nothing", async () => {
    const bytes = pdf(300_000);
    const { server, state } = await queued(bytes);
    const altered = Buffer.from(bytes);
    altered[299_999] = (altered[299_999] ?? 0) ^ 1;
    await fs.writeFile(pathOf(bytes), altered);
    run();
    await until(async () => !/^(?:queued|sending)/.test(await state()), "settled");
    assert.deepEqual([await state(), server.accepted.size, server.named.size], ["failed fileLost", 0, 0]);
  });

  it("waits while the folder is away, and leaves when it is back", async () => {
    const bytes = pdf();
    const { server, state, again } = await queued(bytes);
    await fs.rename(folder, `${folder}.away`);
    run();
    await until(async () => (await state()) === "queued folderAway", "waiting");
    await fs.rename(`${folder}.away`, folder);
    await again();
    await until(async () => (await state()).startsWith("sent"), "sent");
    assert.equal(server.accepted.size, 1);
  });
});
