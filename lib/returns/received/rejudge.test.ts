/** Kept mails that older rules judged otherwise: shown, done, undone; what somebody decided stays. */
import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { composeReply } from "#lib/letters/sandbox/letters";
import { readOriginal } from "#lib/letters/sandbox/original";
import { composeReport, type ReportKind } from "#lib/letters/sandbox/reports";
import { db, sql, transaction } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { bouncesRejudge } from "#lib/returns/received/command";
import { overturnVerdict } from "#lib/returns/received/decisions";
import { applyRejudgement, startRejudging, undoRejudgement } from "#lib/returns/received/mutations";
import { findRejudgement, listRejudged } from "#lib/returns/received/queries";
import { readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";
import { goOnRejudging } from "#lib/returns/received/rejudge";
import { giveCampaign, givePerson } from "#testing/received";
import { listSuppressions } from "#testing/suppressions";

let made = 0;
let by = 0;
beforeEach(async () => {
  await sql`delete from received_mails`;
  await sql`delete from rejudgements`;
  by = (await db.user.create({ data: { email: `r${++made}@src.example`, name: "Ada", role: "secretariat" } }))
    .id;
});

/** A mail kept, as the rules of then left it. */
async function kept(compose: (original: ReturnType<typeof readOriginal>) => Buffer, worse: string) {
  const address = `kept${++made}@exemple.fr`;
  const { relayId, deliveries } = await giveCampaign([(await givePerson(address)).id]);
  const [sent] = deliveries;
  assert.ok(sent);
  const original = readOriginal(
    Buffer.from(`Message-ID: ${sent.messageId}\r\nSubject: Bonjour\r\n\r\n`),
    "newsletter@src.example",
    address,
  );
  const read = await readIncoming({
    uid: ++made,
    uidValidity: 1n,
    raw: compose(original),
    receivedAt: new Date(),
  });
  const id =
    (await transaction((client) => recordMail(client, relayId, { ...read, ...asThen(worse, read) }))) ?? 0;
  return { id, address, deliveryId: sent.id };
}
/** What they took it for: another class, or a softer verdict. */
const asThen = (worse: string, { evidence }: { evidence: object[] }) =>
  worse === "soft"
    ? { evidence: evidence.map((one) => ({ ...one, verdict: "soft", reason: "mailbox-full" })) as never }
    : { class: worse as never, evidence: [] };
const report = (kind: ReportKind) => (original: ReturnType<typeof readOriginal>) =>
  composeReport(kind, original);

const look = async () => {
  const started = await startRejudging(by);
  assert.ok(started.ok);
  await goOnRejudging();
  return started.id;
};
const apply = async (id: number) => {
  assert.ok((await applyRejudgement(id, by)).ok);
  await goOnRejudging();
};
const undo = async (id: number) => {
  assert.ok((await undoRejudgement(id, by)).ok);
  await goOnRejudging();
};
const state = async ({ id, address, deliveryId }: { id: number; address: string; deliveryId: number }) => {
  const mail = await db.receivedMail.findUniqueOrThrow({ where: { id } });
  const delivery = await db.delivery.findUniqueOrThrow({ where: { id: deliveryId } });
  const { standing } = await db.emailAddress.findUniqueOrThrow({ where: { address } });
  const stops = await listSuppressions(hashAddress(address));
  return [mail.class, delivery.bounce, delivery.repliedAt !== null, standing, stops.length];
};

test("a dead address that was taken for a full one: shown, buried, and given back", async () => {
  const mail = await kept(report("hard"), "soft");
  const before = await state(mail);
  assert.deepEqual(before, ["bounce", "soft", false, "soft", 0]);
  const run = await look();
  assert.deepEqual(await state(mail), before);
  const { changes } = await listRejudged(run);
  assert.deepEqual(
    changes.map((one) => [one.receivedMail.id, one.before.verdicts, one.after.verdicts]),
    [
      [
        mail.id,
        [{ verdict: "soft", blame: "recipient", reason: "mailbox-full", acts: true }],
        [{ verdict: "hard", blame: "recipient", reason: "user-unknown", acts: true }],
      ],
    ],
  );
  await apply(run);
  assert.deepEqual(await state(mail), ["bounce", "hard", false, "hard", 1]);
  await undo(run);
  assert.deepEqual(await state(mail), before);
  assert.equal(await db.bounce.count({ where: { receivedMailId: mail.id } }), 2);
});

test("a report that was nobody's acts, and an answer that was a report's counts", async () => {
  const dead = await kept(report("hard"), "other");
  const alive = await kept((original) => composeReply(original), "other");
  const [wasDead, wasAlive] = [await state(dead), await state(alive)];
  const run = await look();
  await apply(run);
  assert.deepEqual(await state(dead), ["bounce", "hard", false, "hard", 1]);
  assert.deepEqual(await state(alive), ["reply", null, true, "ok", 0]);
  await undo(run);
  assert.deepEqual([await state(dead), await state(alive)], [wasDead, wasAlive]);
});

test("what today's rules would judge alike is not shown; nothing is judged twice", async () => {
  const mail = await kept(report("hard"), "soft");
  await apply(await look());
  const again = await look();
  assert.deepEqual((await listRejudged(again)).changes, []);
  assert.equal((await findRejudgement())?.mails, 1);
  assert.equal((await state(mail))[3], "hard");
});

test("a verdict that somebody took back stays taken back, and another mail's does not hang on it", async () => {
  const mail = await kept(report("hard"), "soft");
  const other = await kept(report("hard"), "soft");
  const { id } = await db.bounce.findFirstOrThrow({ where: { receivedMailId: mail.id } });
  assert.ok((await overturnVerdict({ id, why: "Elle a téléphoné." }, by)).ok);
  assert.deepEqual(
    (await listRejudged(await look())).changes.map((one) => one.receivedMail.id),
    [other.id],
  );
});

test("what changed between the look and the deed is left alone, and said", async () => {
  const mail = await kept(report("hard"), "soft");
  const run = await look();
  const { id } = await db.bounce.findFirstOrThrow({ where: { receivedMailId: mail.id } });
  assert.ok((await overturnVerdict({ id, why: "Elle a téléphoné." }, by)).ok);
  await apply(run);
  assert.deepEqual((await state(mail)).slice(1), [null, false, "ok", 0]);
  assert.equal((await findRejudgement())?.stale, 1);
});

test("what somebody decided since is not undone", async () => {
  const mail = await kept(report("hard"), "soft");
  const run = await look();
  await apply(run);
  const { id } = await db.bounce.findFirstOrThrow({ where: { receivedMailId: mail.id, overturnedAt: null } });
  assert.ok((await overturnVerdict({ id, why: "Elle a téléphoné." }, by)).ok);
  await undo(run);
  assert.deepEqual((await state(mail)).slice(1), [null, false, "ok", 0]);
});

test("one run at a time; one that waited gives way to the next", async () => {
  const first = await look();
  assert.ok((await startRejudging(by)).ok);
  assert.deepEqual(await applyRejudgement(first, by), { ok: false, reason: "rejudged" });
  assert.deepEqual(await startRejudging(by), { ok: false, reason: "rejudging" });
  assert.deepEqual(await undoRejudgement(first, by), { ok: false, reason: "rejudged" });
});

test("the command shows, does it, or only shows", async () => {
  const mail = await kept(report("hard"), "soft");
  const before = await state(mail);
  assert.equal(await bouncesRejudge(["--dry-run"]), 0);
  assert.deepEqual(await state(mail), before);
  assert.equal(await findRejudgement(), null);
  assert.equal(await bouncesRejudge(["--zut"]), 2);
  assert.equal(await bouncesRejudge([]), 0);
  assert.equal((await state(mail))[1], "hard");
});

test("what was seen to asks for nothing more", async () => {
  const moved = () =>
    Buffer.from(
      `From: kept@exemple.fr\nAuto-Submitted: auto-replied\nSubject: Absence ${++made}\nContent-Type: text/plain; charset=utf-8\n\nMa nouvelle adresse est jeanne@autre.example.`,
    );
  const [seen, waiting] = [await kept(moved, "other"), await kept(moved, "other")];
  await sql`update received_mails set proposal = null, contact_id = (select min(id) from contacts)`;
  await sql`update received_mails set handled_at = now() where id = ${seen.id}`;
  await db.emailAddress.updateMany({
    where: { address: waiting.address },
    data: { address: "kept@exemple.fr" },
  });
  const { changes } = await listRejudged(await look());
  assert.deepEqual(
    changes.map((one) => [one.receivedMail.id, one.after.class, one.after.proposal]),
    [
      [seen.id, "auto-reply", null],
      [waiting.id, "auto-reply", "moved"],
    ],
  );
});
