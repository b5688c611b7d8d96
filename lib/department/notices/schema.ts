import { z } from "zod";
import { rowId } from "#lib/machine/asked";

/** What the secretariat is told of; the sentence of each is in the catalog (`notices.kinds`). */
export const noticeKinds = [
  "unsubscribed",
  "resubscribed",
  "complaint",
  "mailboxTrouble",
  "relayPaused",
  "campaignPaused",
  "campaignMissed",
  "dkimVanished",
  "erasuresProposed",
  "purgeHeld",
  "pledgesDue",
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export const noticeInput = z.object({ id: rowId() });
/** `upTo`: what the screen showed, so that a notice arrived since is not marked unseen by mistake. */
export const allNoticesInput = z.object({ upTo: rowId() });

/** Names in a notice's data are of things, never of people: the contact is a reference. */
export const noticeData = z.object({
  scope: z.enum(["topic", "all"]).optional(),
  via: z.string().optional(),
  count: z.number().optional(),
  topicId: z.number().nullish(),
  topicIds: z.array(z.number()).optional(),
  deliveryId: z.number().nullish(),
  campaignId: z.number().nullish(),
  receivedMailId: z.number().nullish(),
  relayId: z.number().nullish(),
  reason: z.string().optional(),
  until: z.string().optional(),
  domain: z.string().optional(),
});
export type NoticeData = z.infer<typeof noticeData>;
