/** Whose a verdict is: a report may speak of several people, and of others than those we wrote to. */
import { domainOf, isAligned } from "#lib/letters/verdicts/domains";
import { type Force, forceOf, type Proof } from "#lib/letters/verdicts/proof";
import type { Blame, Verdict } from "#lib/letters/verdicts/reasons";

type Named = { recipient: string | null; originalRecipient: string | null };

/**
 * Whether a verdict names this address of ours: as it is, as the address first written to, or by its local part
 * completed by a host of the same domain (`jdoe@mx1.univ.example` for `jdoe@univ.example`). `alone`: the report returns
 * our mail, of one recipient, and names nobody else; then naming nobody is naming ours.
 */
export function names({ recipient, originalRecipient }: Named, address: string, alone: boolean): boolean {
  const [first, other] = [originalRecipient, recipient].map((one) => one?.toLowerCase() ?? "");
  const ours = address.toLowerCase();
  if (first === ours || other === ours) return true;
  if (!first && !other) return alone;
  return [first, other].some((one) => isSameBox(one ?? "", ours));
}

/** The delivery a report is about, and what is known of it since. */
export type Target = {
  deliveryId: number;
  contactId: number | null;
  campaignId: number | null;
  addressHash: Buffer;
  /** Null once erased: its number is all that is left, and our reference names it. */
  address: string | null;
  /** It left so long ago that its reference proves nothing any more. */
  old: boolean;
  /** A person answered it. */
  answered: boolean;
  /** Of a mail to several: a report that names nobody may be about any of them. */
  together?: boolean;
};

/** A verdict with the words it was drawn from. */
export type Evidence = Named & {
  verdict: Verdict;
  blame: Blame;
  status: string;
  reason: string;
  /** As RFC 3464 names it. */
  action: string;
  diagnostic: string;
};

/** What a report does: `ours` act on the delivery, the others are written down and act on nothing. */
export type Attribution = { ours: Evidence[]; others: Evidence[]; proof: Proof; waits: boolean };

/** Gives a delivery the verdicts that name it, as far as they are proven; what could matter and does not act waits. */
export function attribute(evidence: Evidence[], target: Target | null, proof: Proof): Attribution {
  const force = target ? forceOf(proof, target) : "none";
  const named = (one: Evidence) =>
    target !== null &&
    (target.address === null || names(one, target.address, evidence.length === 1 && !target.together));
  const ours = force === "none" ? [] : evidence.filter(named).map((one) => tempered(one, force));
  const others = evidence.filter((one) => force === "none" || !named(one));
  const matters = evidence.some((one) => one.blame === "recipient" && isFinal(one));
  return { ours, others, proof, waits: target !== null && ours.length === 0 && matters };
}

/** A delay is news of the network, not the end of a mail. */
export const isFinal = ({ action }: Pick<Evidence, "action">): boolean =>
  action === "failed" || action === "";

const tempered = (one: Evidence, force: Force): Evidence =>
  force === "soft" && one.verdict === "hard" ? { ...one, verdict: "soft" } : one;

function isSameBox(one: string, ours: string): boolean {
  const local = (address: string) => address.slice(0, address.lastIndexOf("@"));
  if (one === "" || local(one) !== local(ours)) return false;
  return isAligned(domainOf(one), domainOf(ours));
}
