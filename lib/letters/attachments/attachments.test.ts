/** Files of letters: what may be joined, by whom, and that they leave whole, in bounded memory, with every letter. */
import "#testing/database";
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { after, afterEach, describe, it } from "node:test";
import { strToU8, zipSync } from "fflate";
import { simpleParser } from "mailparser";
import { dropFile, joinFile } from "#lib/letters/attachments/mutations";
import { findFileFor, listOfDraft, piecesOf } from "#lib/letters/attachments/queries";
import { pieceBytes } from "#lib/letters/attachments/schema";
import { compose, prepare } from "#lib/letters/deliveries/compose";
import { type Engine, startEngine } from "#lib/letters/deliveries/send";
import { withFiles } from "#lib/letters/deliveries/with-files";
import { recordValue } from "#lib/letters/dkim/rules";
import { signerOf } from "#lib/letters/dkim/sign";
import { discardDraft } from "#lib/letters/drafts/mutations";
import { sendDraft } from "#lib/letters/drafts/send";
import { withdraw } from "#lib/letters/drafts/withdraw";
import { db, disconnect, sql } from "#lib/machine/db";
import { startCountingServer } from "#testing/counting-server";
import { sendingCampaign } from "#testing/deliveries";
import { giveDraft, giveUser, person, rowsOf } from "#testing/letters";
import { readByPython } from "#testing/python";
import { until } from "#testing/until";

const engines: Engine[] = [];
const servers: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
after(disconnect);

const pdf = (size = 1_000) => Buffer.concat([Buffer.from("%PDF-1.7\n"), randomBytes(size - 9)]);
const zip = (names: string[]) =>
  Buffer.from(zipSync(Object.fromEntries(names.map((name) => [name, strToU8("x")]))));
const mb = 1024 * 1024;

describe("joining a file", () => {
  const cases: [string, Buffer, string][] = [
    ["Convention signée.pdf", pdf(), "Convention signée.pdf"],
    ["notes.txt", Buffer.from("Réunion à 14 h"), "notes.txt"],
    ["photo.JPEG", Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex"), "photo.jpeg"],
    ["dossier.zip", zip(["a.pdf", "sous/b.docx"]), "dossier.zip"],
    ["rapport", pdf(), "rapport.pdf"],
    ["C:\\Users\\moi\\plan.pdf", pdf(), "plan.pdf"],
    ["facture\u202efdp.pdf", pdf(), "facture fdp.pdf"],
    ["../../etc/passwd\r\nBcc: tous.pdf", pdf(), "passwd Bcc tous.pdf"],
    ["..\\..\n/..\u0000/\u001b[2Jplan\u007f.pdf", pdf(), "[2Jplan.pdf"],
    ["\u2066\u200b\t.pdf", pdf(), "document.pdf"],
    [`${"a".repeat(119)}😀.pdf`, pdf(), `${"a".repeat(119)}.pdf`],
    ["site.exemple.com.pdf", pdf(), "site.exemple.com.pdf"],
    // A picture under another name is what it is.
    ["photo.pdf", Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex"), "photo.jpg"],
  ];
  for (const [name, bytes, kept] of cases)
    it(`takes ${JSON.stringify(name)}`, async () => {
      const { id: by } = await giveUser();
      const draft = await giveDraft(by, [await person()]);
      const joined = await joinFile(draft.id, { name, bytes }, by);
      assert.ok(joined.ok, JSON.stringify(joined));
      assert.deepEqual(
        (await listOfDraft(draft.id)).map((one) => [one.name, one.size]),
        [[kept, bytes.length]],
      );
    });

  const refusals: [string, Buffer, string][] = [
    ["virus.exe", pdf(), "executable"],
    ["facture.pdf.exe", pdf(), "executable"],
    ["facture.exe.pdf", pdf(), "executable"],
    ["facture.pdf", Buffer.concat([Buffer.from("MZ"), randomBytes(500)]), "executable"],
    ["outil", Buffer.concat([Buffer.from("\x7fELF\x02\x01\x01", "latin1"), randomBytes(500)]), "executable"],
    ["lisez.txt", Buffer.from("#!/bin/sh\nrm -rf /"), "executable"],
    ["page.html", Buffer.from("<script>x</script>"), "executable"],
    ["dossier.zip", zip(["a.pdf", "sous/installe.exe"]), "executable"],
    ["dossier.zip", zip(["a.pdf", "encore.zip"]), "executable"],
    ["lettre.docx", zip(["[Content_Types].xml", "word/vbaProject.bin"]), "macros"],
    ["inconnu.bin", randomBytes(300), "kind"],
    ["vide.pdf", Buffer.alloc(0), "empty"],
    ["ancien.doc", Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(600)]), "kind"],
  ];
  for (const [name, bytes, reason] of refusals)
    it(`refuses ${JSON.stringify(name)}: ${reason}`, async () => {
      const { id: by } = await giveUser();
      const draft = await giveDraft(by, [await person()]);
      const joined = await joinFile(draft.id, { name, bytes }, by);
      assert.equal(joined.ok || joined.reason, reason);
      assert.deepEqual(await listOfDraft(draft.id), []);
    });

  it("keeps ten at most, and no more than travels in 25 MB once encoded", async () => {
    const { id: by } = await giveUser();
    const draft = await giveDraft(by, [await person()]);
    const join = async (bytes: Buffer) => {
      const joined = await joinFile(draft.id, { name: "a.pdf", bytes }, by);
      return joined.ok || joined.reason;
    };
    assert.equal(await join(pdf(10 * mb)), true);
    assert.equal(await join(pdf(9 * mb)), "tooHeavy");
    for (let i = 0; i < 9; i++) assert.equal(await join(pdf()), true);
    assert.equal(await join(pdf()), "tooManyFiles");
  });

  it("is its author’s alone, until the letter is sent; then whoever reads the conversation may have it", async () => {
    const [user, other, secretary] = [await giveUser(), await giveUser(), await giveUser("secretariat")];
    const draft = await giveDraft(user.id, [await person()]);
    const theirs = await joinFile(draft.id, { name: "a.pdf", bytes: pdf() }, other.id);
    assert.equal(theirs.ok || theirs.reason, "notDraft");
    const joined = await joinFile(draft.id, { name: "a.pdf", bytes: pdf() }, user.id);
    const id = joined.ok ? joined.id : 0;
    const has = async (who: typeof user) => (await findFileFor(id, who)) !== null;
    assert.deepEqual([await has(user), await has(other), await has(secretary)], [true, false, false]);
    assert.equal((await dropFile(id, other.id)).ok, false);
    assert.ok((await sendDraft(draft, user.id)).ok);
    assert.deepEqual([await has(user), await has(other), await has(secretary)], [true, false, true]);
    assert.equal((await dropFile(id, user.id)).ok, false, "it left with the letter");
  });
});

describe("a file that nothing holds any more", () => {
  const left = async (id: number) =>
    (await db.attachment.count({ where: { id } })) +
    (await db.attachmentChunk.count({ where: { attachmentId: id } }));
  async function joined() {
    const { id: by } = await giveUser();
    const draft = await giveDraft(by, [await person(), await person()]);
    const file = await joinFile(draft.id, { name: "a.pdf", bytes: pdf() }, by);
    return { by, draft, id: file.ok ? file.id : 0 };
  }
  it("goes with its draft, or when it is removed", async () => {
    const [one, two] = [await joined(), await joined()];
    await discardDraft(one.draft.id, one.by);
    await dropFile(two.id, two.by);
    assert.deepEqual([await left(one.id), await left(two.id)], [0, 0]);
  });
  it("is the one that is removed: another of the draft, and one of another draft, stay", async () => {
    const [one, other] = [await joined(), await joined()];
    const beside = await joinFile(one.draft.id, { name: "b.pdf", bytes: pdf() }, one.by);
    assert.ok((await dropFile(one.id, one.by)).ok);
    assert.deepEqual(
      [await left(one.id), await left(beside.ok ? beside.id : 0), await left(other.id)],
      [0, 2, 2],
    );
    assert.deepEqual(await dropFile(one.id, one.by), { ok: false, reason: "notDraft" });
    // Whoever has a draft of their own removes nothing of somebody else’s.
    assert.equal((await dropFile(other.id, one.by)).ok, false);
    assert.equal(await left(other.id), 2);
  });
  it("leaves with its letter alone, and a letter taken back lets go of its own alone", async () => {
    const [one, other] = [await joined(), await joined()];
    for (const { draft, by } of [one, other]) assert.ok((await sendDraft(draft, by)).ok);
    const held = async (id: number) => db.contentAttachment.count({ where: { attachmentId: id } });
    assert.deepEqual([await held(one.id), await held(other.id)], [2, 2]);
    assert.ok((await withdraw(one.draft.id, one.by)).ok);
    assert.deepEqual([await held(one.id), await held(other.id)], [0, 2]);
  });
  it("stays with a letter that was sent, comes back with one taken back, and goes when the last one is purged", async () => {
    const { by, draft, id } = await joined();
    await sendDraft(draft, by);
    assert.ok((await withdraw(draft.id, by)).ok);
    assert.equal((await listOfDraft(draft.id)).length, 1);
    assert.equal(await db.contentAttachment.count({ where: { attachmentId: id } }), 0);
    const { version } = await db.draft.findUniqueOrThrow({ where: { id: draft.id } });
    await sendDraft({ ...draft, version }, by);
    const contents = (await rowsOf(draft.id)).map((one) => one.delivery?.contentId ?? 0);
    await sql`delete from drafts where id = ${draft.id}`;
    assert.equal(await left(id), 2);
    await sql`update contents set html = '' where id = ${contents[0] ?? 0}`;
    assert.equal(await left(id), 2, "another letter has it");
    await sql`update contents set html = '' where id = ${contents[1] ?? 0}`;
    assert.equal(await left(id), 0);
  });
});

describe("a letter with files", () => {
  async function send(bytes: { name: string; bytes: Buffer }[], people = 1) {
    const server = await startCountingServer();
    servers.push(server);
    const { identity, campaign } = await sendingCampaign({ port: server.port, recipients: 0 });
    await sql`update campaigns set status = 'cancelled', finished_at = now() where id = ${campaign}`;
    const { id: by } = await giveUser();
    const draft = await giveDraft(by, await Promise.all(Array.from({ length: people }, person)));
    await sql`update drafts set identity_id = ${identity} where id = ${draft.id}`;
    for (const file of bytes) assert.ok((await joinFile(draft.id, file, by)).ok);
    assert.ok((await sendDraft(draft, by)).ok);
    await sql`update deliveries d set due_at = now() from letters l where l.delivery_id = d.id and l.draft_id = ${draft.id}`;
    engines.push(startEngine(randomUUID()));
    await until(
      async () => (await rowsOf(draft.id)).every(({ delivery }) => delivery?.status === "sent"),
      "sent",
    );
    return server;
  }

  it("arrives with them byte for byte, named as they were, for everybody", async () => {
    const files = [
      { name: "Convention de stage signée, été 2026 – l’IUT (définitive).pdf", bytes: pdf(700_003) },
      { name: "notes.txt", bytes: Buffer.from("Réunion à 14 h") },
    ];
    const server = await send(files, 2);
    assert.equal(server.accepted.size, 2);
    const mail = await simpleParser(server.last());
    assert.equal(mail.text?.trim(), "Bonjour Zoé");
    assert.match(String(mail.html), /<strong>Zoé/);
    assert.deepEqual(
      mail.attachments.map((one) => [
        one.filename,
        one.contentDisposition,
        createHash("sha256").update(one.content).digest("hex"),
      ]),
      files.map((one) => [one.name, "attachment", createHash("sha256").update(one.bytes).digest("hex")]),
    );
    for (const line of server.last().split("\r\n").slice(0, 200)) assert.ok(line.length <= 998);
  });

  it("is as long as it says, and signed as a whole: Python’s email library and dkimpy believe it", async () => {
    const { id: by } = await giveUser();
    const draft = await giveDraft(by, [await person()]);
    for (const size of [1, 57, pieceBytes, pieceBytes + 1, 2 * pieceBytes + 56])
      assert.ok((await joinFile(draft.id, { name: `É${size}.txt`, bytes: Buffer.alloc(size, "é") }, by)).ok);
    assert.ok((await sendDraft(draft, by)).ok);
    const [row] = await rowsOf(draft.id);
    const content = await prepare(row?.delivery?.contentId ?? 0);
    const to = { id: row?.deliveryId ?? 0, generation: 0, address: "zoe@x.example", variables: {} };
    const message = withFiles(compose(content, to).raw, content.files, "src-x-files");
    const ed = generateKeyPairSync("ed25519", {
      publicKeyEncoding: { type: "spki", format: "der" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const domain = content.from.address.split("@")[1] ?? "";
    const signer = signerOf(domain, [{ selector: "un", algorithm: "ed25519", privateKey: ed.privateKey }]);
    const signed = await signer.sign(message);
    const whole = Buffer.concat(await Array.fromAsync(signed.pieces()));
    assert.equal(whole.length, signed.size);
    const value = recordValue({
      algorithm: "ed25519",
      publicKey: ed.publicKey.subarray(-32).toString("base64"),
    });
    const [read] = readByPython([whole], { [`un._domainkey.${domain}`]: value });
    assert.deepEqual([read?.good, read?.defects], [[true], []]);
    const mail = await simpleParser(whole);
    assert.deepEqual(
      mail.attachments.map(({ filename, size }) => [filename, size]),
      content.files.map(({ name, size }) => [name, size]),
    );
  });

  it("is read from the database as the connection takes it, a piece at a time", async () => {
    const { id: by } = await giveUser();
    const draft = await giveDraft(by, [await person()]);
    const joined = await joinFile(draft.id, { name: "a.pdf", bytes: pdf(5 * mb) }, by);
    const pieces = await Array.fromAsync(piecesOf({ id: joined.ok ? joined.id : 0, size: 5 * mb }));
    assert.ok(
      pieces.length >= 20 && pieces.every((piece) => piece.length <= 256 * 1024 + 4_096),
      String(pieces.length),
    );
  });
});
