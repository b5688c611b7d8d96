/** The audited mutations of what came back, as in acts.ts. */
import { db, sql, transaction } from "#lib/machine/db";
import { decideProposal, overturnVerdict } from "#lib/returns/received/decisions";
import { applyRejudgement, startRejudging, undoRejudgement } from "#lib/returns/received/mutations";
import { fileOwnCopy } from "#lib/returns/received/own-copy";
import { readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";
import { goOnRejudging } from "#lib/returns/received/rejudge";
import type { Act } from "#testing/acts";
import { giveCampaign, givePerson } from "#testing/received";

let made = 0;

/** A report that proves nothing, and waits for somebody. */
async function held() {
  const address = `held${++made}@orange.example`;
  const { relayId } = await giveCampaign([(await givePerson(address)).id]);
  const text = `From: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\n\r\n<${address}>:\r\n550 5.1.1 User unknown\r\n\r\n--- Below this line is a copy of the message.\r\n\r\nReceived: x\r\nMessage-ID: <${made}@elsewhere.example>\r\n`;
  const read = await readIncoming({
    uid: 900_000 + made,
    uidValidity: 1n,
    raw: Buffer.from(text),
    receivedAt: new Date(),
  });
  return (await transaction((client) => recordMail(client, relayId, read))) ?? 0;
}

/** A run that has looked. */
async function looked(by: number) {
  const started = await startRejudging(by);
  if (!started.ok) throw new Error("already");
  await goOnRejudging();
  return started.id;
}

/** No other test's run is in the way. */
const alone = () => sql`delete from rejudgements`;

/** What a colleague sent from elsewhere, which nothing proves. */
async function ownCopy(by: number) {
  const address = `copied${++made}@orange.example`;
  const { relayId } = await giveCampaign([(await givePerson(address)).id]);
  const { email } = await db.user.findUniqueOrThrow({ where: { id: by } });
  const text = `From: ${email}\r\nTo: ${address}\r\nSubject: Stage\r\nContent-Type: text/plain\r\n\r\nBonjour\r\n`;
  const read = await readIncoming({
    uid: 950_000 + made,
    uidValidity: 1n,
    raw: Buffer.from(text),
    receivedAt: new Date(),
  });
  return (await transaction((client) => recordMail(client, relayId, read))) ?? 0;
}

export const actsOfReturns: Record<string, Act> = {
  fileOwnCopy: async (by) => {
    const id = await ownCopy(by);
    return () => fileOwnCopy(id, by);
  },
  decideProposal: async (by) => {
    const id = await held();
    return () => decideProposal({ id, accepted: true }, by);
  },
  startRejudging: async (by) => {
    await alone();
    return () => startRejudging(by);
  },
  applyRejudgement: async (by) => {
    await alone();
    const id = await looked(by);
    return () => applyRejudgement(id, by);
  },
  undoRejudgement: async (by) => {
    await alone();
    const id = await looked(by);
    await applyRejudgement(id, by);
    await goOnRejudging();
    return () => undoRejudgement(id, by);
  },
  overturnVerdict: async (by) => {
    const mail = await held();
    await decideProposal({ id: mail, accepted: true }, by);
    const { id } = await db.bounce.findFirstOrThrow({ where: { receivedMailId: mail } });
    return () => overturnVerdict({ id, why: "Elle a téléphoné." }, by);
  },
};
