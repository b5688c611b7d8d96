"use server";
import { action } from "#lib/gates/action";
import { decideCorrection as decideOne } from "#lib/returns/corrections/mutations";
import { correctionDecision } from "#lib/returns/corrections/schema";
import { decideProposal, overturnVerdict } from "#lib/returns/received/decisions";
import {
  abandonRejudgement,
  applyRejudgement,
  markHandled,
  markUnhandled,
  startRejudging,
  undoRejudgement,
} from "#lib/returns/received/mutations";
import { fileOwnCopy } from "#lib/returns/received/own-copy";
import {
  decisionInput,
  mailInput,
  overturnInput,
  rejudgeInput,
  startInput,
} from "#lib/returns/received/schema";

export const handle = action("received.handle", mailInput, ({ id }) => markHandled(id));
export const unhandle = action("received.handle", mailInput, ({ id }) => markUnhandled(id));
export const decide = action("received.handle", decisionInput, (input, user) =>
  decideProposal(input, user.id),
);
export const fileCopy = action("received.handle", mailInput, ({ id }, user) => fileOwnCopy(id, user.id));
export const overturn = action("received.handle", overturnInput, (input, user) =>
  overturnVerdict(input, user.id),
);
export const decideCorrection = action("contacts.edit", correctionDecision, (input, user) =>
  decideOne(input, user.id),
);
export const rejudge = action("received.handle", startInput, (_, user) => startRejudging(user.id));
export const applyRejudged = action("received.handle", rejudgeInput, ({ id }, user) =>
  applyRejudgement(id, user.id),
);
export const undoRejudged = action("received.handle", rejudgeInput, ({ id }, user) =>
  undoRejudgement(id, user.id),
);
export const abandonRejudged = action("received.handle", rejudgeInput, ({ id }) => abandonRejudgement(id));
