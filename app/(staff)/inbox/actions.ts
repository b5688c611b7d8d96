"use server";
import { action } from "#lib/gates/action";
import {
  assignThread,
  closeThread,
  noteOnThread,
  reopenThread,
  snoozeThread,
} from "#lib/letters/threads/mutations";
import { assignInput, noteInput, snoozeInput, threadInput } from "#lib/letters/threads/schema";

export const assign = action("letters.send", assignInput, ({ id, userId }, user) =>
  assignThread(id, userId || null, user),
);
export const close = action("letters.send", threadInput, ({ id }, user) => closeThread(id, user));
export const reopen = action("letters.send", threadInput, ({ id }, user) => reopenThread(id, user));
export const snooze = action("letters.send", snoozeInput, ({ id, days }, user) =>
  snoozeThread(id, days, user),
);
export const note = action("letters.send", noteInput, ({ id, text }, user) => noteOnThread(id, text, user));
