/** What a mail asks of somebody here, because it does not prove enough to act by itself. */
import type { Proof } from "#lib/letters/verdicts/proof";
import type { ReadMail } from "#lib/returns/received/read";

export const proposals = ["bounce", "complaint", "leave", "moved", "departed", "challenge"] as const;
export type Proposal = (typeof proposals)[number];

/** `known`: it concerns a delivery or a contact of ours; `waits`: a verdict could matter and did not act. */
export function proposalOf(
  mail: Pick<ReadMail, "class" | "leaving" | "answer">,
  { known, proof, waits }: { known: boolean; proof: Proof; waits: boolean },
): Proposal | null {
  if (!known) return null;
  if (mail.class === "bounce") return waits ? "bounce" : null;
  if (mail.class === "complaint") return proof === "none" ? "complaint" : null;
  if (mail.class === "unsubscribe") return proof === "none" ? "leave" : null;
  if (mail.leaving === "said" && mail.class !== "auto-reply" && mail.class !== "report") return "leave";
  const kind = mail.answer?.kind;
  return kind === "moved" || kind === "departed" || kind === "challenge" ? kind : null;
}
