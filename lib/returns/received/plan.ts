/** What follows from a mail, decided before anything is written: when it comes, and when better rules read it again. */

import { secretsIn, withoutSecrets } from "#lib/letters/deliveries/secrets";
import { companionsOf } from "#lib/letters/deliveries/together";
import { type Attribution, attribute, type Target } from "#lib/letters/verdicts/attribution";
import type { Proof } from "#lib/letters/verdicts/proof";
import { type Runner, sqlOn } from "#lib/machine/db";
import { matchContact, matchDelivery } from "#lib/returns/received/match";
import { complaintProof, originOf } from "#lib/returns/received/origin";
import { type Proposal, proposalOf } from "#lib/returns/received/proposal";
import type { ReadMail } from "#lib/returns/received/read";

export type Plan = {
  target: Target | null;
  contactId: number | null;
  proof: Proof;
  /** Whose each verdict is; without one-time links, nor what names somebody erased. */
  attribution: Attribution;
  /** Of a mail to several, the others whom the report names, each with the verdicts that are theirs. */
  also: { target: Target; attribution: Attribution }[];
  proposal: Proposal | null;
  /** A machine's answer about somebody erased since: its words are not kept. */
  forgotten: boolean;
  /** The one-time links of ours that its words hold. */
  secrets: string[];
};

export async function planOf(client: Runner, relayId: number, mail: ReadMail): Promise<Plan> {
  const origin = await originOf(client, relayId, mail);
  const { target } = origin;
  const proof = mail.class === "complaint" ? complaintProof(origin, mail.recipients) : origin.proof;
  const contactId = target ? target.contactId : await matchContact(client, mail.from);
  const attribution = attribute(mail.evidence, target, proof);
  // Of somebody erased, or of nobody we know, there is nothing to decide.
  const proposal = proposalOf(mail, { known: contactId !== null, proof, waits: attribution.waits });
  const forgotten = await isForgotten(client, mail, target);
  const secrets = await secretsIn(client, mail.texts);
  const clear = (list: Attribution["ours"]) =>
    list.map((one) => ({
      ...one,
      ...(forgotten && { recipient: null, originalRecipient: null }),
      diagnostic: forgotten ? "" : withoutSecrets(one.diagnostic, secrets),
    }));
  const also = target?.together ? await alsoNamed(client, mail, target, proof) : [];
  const theirs = new Set(also.flatMap((one) => one.attribution.ours.map(({ recipient }) => recipient)));
  const others = attribution.others.filter(({ recipient }) => !theirs.has(recipient));
  const cleared = { ...attribution, ours: clear(attribution.ours), others: clear(others) };
  const alsoCleared = also.map((one) => ({
    ...one,
    attribution: { ...one.attribution, ours: clear(one.attribution.ours), others: [] },
  }));
  return { also: alsoCleared, target, contactId, proof, attribution: cleared, proposal, forgotten, secrets };
}

async function alsoNamed(client: Runner, mail: ReadMail, target: Target, proof: Proof) {
  const found: Plan["also"] = [];
  for (const { id } of await companionsOf(target.deliveryId, client)) {
    if (id === target.deliveryId) continue;
    const member = await matchDelivery(client, id, mail.receivedAt);
    const attribution = attribute(mail.evidence, member && { ...member, together: true }, proof);
    if (member && attribution.ours.length > 0) found.push({ target: member, attribution });
  }
  return found;
}

/** What it did counts; what it says would write them down again. */
async function isForgotten(client: Runner, mail: ReadMail, target: Target | null): Promise<boolean> {
  if (!target || target.contactId !== null || mail.class === "reply") return false;
  const [row] = await sqlOn(client)`
    select id from deliveries where id = ${target.deliveryId} and contact_id is null and erased_at is not null`;
  return row !== undefined;
}
