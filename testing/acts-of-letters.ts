/** The audited mutations of what is written by hand, as in acts.ts. */
import { saveLetter, startDraft } from "#lib/letters/drafts/mutations";
import { sendDraft } from "#lib/letters/drafts/send";
import { withdraw } from "#lib/letters/drafts/withdraw";
import * as threads from "#lib/letters/threads/mutations";
import { db, sql } from "#lib/machine/db";
import type { Act } from "#testing/acts";
import { givePerson } from "#testing/received";

let made = 0;

/** A letter ready to leave. */
async function draft(by: number) {
  const { id: contactId } = await givePerson(`hand${++made}@orange.example`);
  const started = await startDraft([contactId], by);
  const identity = await db.identity.findFirstOrThrow({ where: { isDefault: true } });
  const id = started.ok ? started.id : 0;
  const fields = { id, version: 0, identityId: identity.id, subject: "Stage", html: "<p>Bonjour</p>" };
  const saved = await saveLetter(fields, by);
  return { id, version: saved.ok ? saved.version : 0, at: "", more: "no", remind: 0 } as const;
}

const secretary = (id: number) => ({ id, role: "secretariat" as const });
const onThread =
  (act: (id: number, by: number) => Promise<{ ok: boolean }>, closed = false): Act =>
  async (by) => {
    const [thread] = await sql<{ id: number }>`
      insert into threads (subject, closed_at) values ('Stage', case when ${closed} then now() end) returning id`;
    return () => act(thread?.id ?? 0, by);
  };

export const actsOfLetters: Record<string, Act> = {
  sendDraft: async (by) => {
    const letter = await draft(by);
    return () => sendDraft(letter, by);
  },
  withdraw: async (by) => {
    const letter = await draft(by);
    await sendDraft(letter, by);
    return () => withdraw(letter.id, by);
  },
  assignThread: onThread((id, by) => threads.assignThread(id, by, secretary(by))),
  closeThread: onThread((id, by) => threads.closeThread(id, secretary(by))),
  reopenThread: onThread((id, by) => threads.reopenThread(id, secretary(by)), true),
  snoozeThread: onThread((id, by) => threads.snoozeThread(id, 3, secretary(by))),
  noteOnThread: onThread((id, by) => threads.noteOnThread(id, "À rappeler", secretary(by))),
};
