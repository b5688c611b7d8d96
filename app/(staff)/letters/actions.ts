"use server";
import { type ActionState, action } from "#lib/gates/action";
import { dropFile } from "#lib/letters/attachments/mutations";
import { fileInput } from "#lib/letters/attachments/schema";
import { startAnswer } from "#lib/letters/drafts/answer";
import {
  addRecipient,
  discardDraft,
  dropRecipient,
  saveLetter,
  saveSignature,
  sendTogether,
  startDraft,
} from "#lib/letters/drafts/mutations";
import {
  addInput,
  answerInput,
  draftId,
  draftInput,
  sendInput,
  signatureInput,
  startInput,
  togetherInput,
} from "#lib/letters/drafts/schema";
import { sendDraft } from "#lib/letters/drafts/send";
import { withdraw } from "#lib/letters/drafts/withdraw";
import { removeReply, saveReply } from "#lib/letters/saved-replies/mutations";
import { replyId, replyInput } from "#lib/letters/saved-replies/schema";
import type { Result } from "#lib/machine/result";

/** To the letter that can be written on. */
const opened = (result: Result<{ id: number }>): ActionState =>
  result.ok ? { ok: true, goTo: `/letters/${result.id}` } : result;

export const write = action("letters.send", startInput, async ({ contacts, ...about }, user) =>
  opened(await startDraft(contacts, user.id, about)),
);
export const answer = action("letters.send", answerInput, async ({ threadId, all, mailId }, user) =>
  opened(await startAnswer(threadId, user, { all: all === "yes", mailId })),
);

export const save = action("letters.send", draftInput, async (input, user) => {
  const result = await saveLetter(input, user.id);
  return result.ok
    ? { ok: true, data: { version: result.version, savedAt: result.savedAt.toISOString() } }
    : result;
});

export const send = action("letters.send", sendInput, async (input, user) => {
  const result = await sendDraft(input, user.id);
  if (!result.ok) return result;
  return { ok: true, goTo: result.threads === 1 ? `/inbox/${result.threadId}` : `/inbox?view=waiting` };
});

export const undo = action("letters.send", draftId, async ({ id }, user) =>
  opened(await withdraw(id, user.id)),
);

export const discard = action("letters.send", draftId, async ({ id }, user) => {
  const result = await discardDraft(id, user.id);
  return result.ok ? { ok: true, goTo: "/inbox?view=drafts" } : result;
});
export const add = action("letters.send", addInput, (input, user) => addRecipient(input, user.id));
export const choose = action("letters.send", togetherInput, ({ id, together }, user) =>
  sendTogether(id, together === "yes", user.id),
);
export const drop = action("letters.send", draftId, ({ id }, user) => dropRecipient(id, user.id));
export const unjoin = action("letters.send", fileInput, ({ id }, user) => dropFile(id, user.id));
export const keepReply = action("letters.send", replyInput, async (input, user) => {
  const result = await saveReply(input, user.id);
  return result.ok ? { ok: true, goTo: "/letters/replies" } : result;
});
export const forgetReply = action("letters.send", replyId, ({ id }, user) => removeReply(id, user.id));
export const sign = action("letters.send", signatureInput, ({ html }, user) => saveSignature(html, user.id));
