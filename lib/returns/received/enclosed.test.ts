import "#testing/database";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { db, sql, transaction } from "#lib/machine/db";
import { findReceivedFile, listContents, mayReadMail } from "#lib/returns/received/enclosed";
import { keptBytes, readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";
import { giveCampaign, givePerson } from "#testing/received";

const file = (name: string, bytes = "bonjour") =>
  `--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(bytes).toString("base64")}\r\n`;
let relayId: number;
let uid = 0;
async function receive(from: string, ...parts: string[]) {
  const raw = Buffer.from(
    `From: ${from}\r\nSubject: Pièces\r\nMessage-ID: <m${++uid}@x.example>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p onclick=x>Bonjour</p>\r\n${parts.join("")}--b--\r\n`,
  );
  const read = await readIncoming({ uid, uidValidity: 1n, raw, receivedAt: new Date() });
  return (await transaction((client) => recordMail(client, relayId, read))) ?? 0;
}
const staff = async (role: "administrator" | "secretariat" | "teacher") => {
  const { id } = await db.user.create({ data: { email: `${role}${++uid}@src.example`, name: role, role } });
  return { id, role };
};
before(async () => {
  relayId = (await giveCampaign([])).relayId;
  await givePerson("lea@exemple.fr");
});

test("files are listed and given, but for what a machine might run", async () => {
  const id = await receive("lea@exemple.fr", file("cv.pdf"), file("facture.pdf.exe"), file("macro.docm"));
  const clerk = await staff("secretariat");
  const contents = (await listContents([id], null)).get(id);
  assert.deepEqual(
    contents?.files.map(({ name, refused }) => [name, refused]),
    [
      ["cv.pdf", null],
      ["facture.pdf.exe", "runs"],
      ["macro.docm", "runs"],
    ],
  );
  assert.equal(contents?.hasLayout, true);
  assert.equal(contents?.layout, null, "made only where it is looked at");
  assert.equal((await listContents([id], id)).get(id)?.layout?.html.trim(), "<p>Bonjour</p>");
  assert.deepEqual(await findReceivedFile(id, 0, clerk), { name: "cv.pdf", bytes: Buffer.from("bonjour") });
  for (const n of [1, 2, 3, 40]) assert.equal(await findReceivedFile(id, n, clerk), null, `${n}`);
});

test("a teacher has them of a conversation given to them, and of no other; one-time links stay with administrators", async () => {
  const id = await receive("lea@exemple.fr", file("cv.pdf"));
  const [teacher, clerk, admin] = [
    await staff("teacher"),
    await staff("secretariat"),
    await staff("administrator"),
  ];
  assert.equal(await mayReadMail(id, teacher), false);
  assert.equal(await findReceivedFile(id, 0, teacher), null);
  await sql`update threads set assignee_id = ${teacher.id} where id = (select thread_id from letters where received_mail_id = ${id})`;
  assert.equal(await mayReadMail(id, teacher), true);
  assert.ok(await findReceivedFile(id, 0, teacher));
  await sql`update received_mails set carries_secret = true where id = ${id}`;
  assert.equal(await findReceivedFile(id, 0, clerk), null);
  assert.ok(await findReceivedFile(id, 0, admin));
  assert.equal((await listContents([id], id)).size, 0, "its thread shows nothing of it");
});

test("what was too long to be kept is named, and not given", async () => {
  const id = await receive("lea@exemple.fr", file("petit.pdf"), file("grand.pdf", "x".repeat(keptBytes)));
  const clerk = await staff("secretariat");
  assert.deepEqual(
    (await listContents([id], null)).get(id)?.files.map(({ name, refused }) => [name, refused]),
    [
      ["petit.pdf", null],
      ["grand.pdf", "cut"],
    ],
  );
  assert.ok(await findReceivedFile(id, 0, clerk));
  assert.equal(await findReceivedFile(id, 1, clerk), null);
});
