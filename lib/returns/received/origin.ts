/** Where a mail comes from, and so what it may do. */
import { names, type Target } from "#lib/letters/verdicts/attribution";
import { domainOf } from "#lib/letters/verdicts/domains";
import { mayReport, type Proof } from "#lib/letters/verdicts/proof";
import type { Runner } from "#lib/machine/db";
import { type DeliveryName, readToken, tokenShape } from "#lib/machine/tokens";
import { authenticatedDomain } from "#lib/returns/bounces/authentication";
import {
  matchAddress,
  matchDeliveries,
  matchReferences,
  memberOf,
  relayHosts,
} from "#lib/returns/received/match";
import type { ReadMail } from "#lib/returns/received/read";

export type Origin = { target: Target | null; proof: Proof };

/** An answer to a person may come late; a report without our signed reference only counts while the mail is fresh. */
export async function originOf(client: Runner, relayId: number, mail: ReadMail): Promise<Origin> {
  const first = await matchReferences(client, mail.references, mail.receivedAt);
  const isReport = mail.class === "bounce" || mail.class === "complaint";
  const who = isReport ? mail.recipients : [mail.from, mail.answer?.about ?? null];
  const named = first && (await memberOf(client, first, who, mail.receivedAt));
  if (isReport) return named ? { target: named, proof: "signed" } : unsignedOrigin(client, relayId, mail);
  if (mail.class === "unsubscribe") return leaverOf(client, relayId, mail, named);
  if (named || mail.class === "other" || mail.class === "report") return { target: named, proof: "none" };
  const addresses = [mail.from, mail.answer?.about ?? null];
  return {
    target: await matchAddress(client, relayId, addresses, { at: mail.receivedAt, days: 90 }),
    proof: "none",
  };
}

async function unsignedOrigin(client: Runner, relayId: number, mail: ReadMail): Promise<Origin> {
  const target = await matchAddress(client, relayId, mail.recipients, { at: mail.receivedAt, days: 7 });
  if (!target) return { target, proof: "none" };
  const { authservId, hosts } = await relayHosts(client, relayId);
  const domain = authenticatedDomain(mail.headers, authservId);
  const believed = domain !== null && mayReport(domain, domainOf(target.address ?? ""), hosts);
  return { target, proof: believed ? "authenticated" : "none" };
}

/** Our own token proves that they received the mail; the bare word needs a sender that our server authenticated. */
async function leaverOf(
  client: Runner,
  relayId: number,
  mail: ReadMail,
  named: Target | null,
): Promise<Origin> {
  const token = leavingToken(mail);
  const written = token && (await matchDeliveries(client, [token], mail.receivedAt));
  if (written) return { target: written, proof: "signed" };
  const target = await matchAddress(client, relayId, [mail.from], { at: mail.receivedAt, days: 90 });
  const { authservId } = await relayHosts(client, relayId);
  const isSelf = target !== null && authenticatedDomain(mail.headers, authservId) !== null;
  return { target: target ?? named, proof: isSelf ? "authenticated" : "none" };
}

const atTheEnd = new RegExp(`\\s(${tokenShape})\\s*$`, "i");

/** The delivery whose List-Unsubscribe address this mail was written to, or null. */
export function leavingToken({ subject }: Pick<ReadMail, "subject">): DeliveryName | null {
  const token = atTheEnd.exec(subject)?.[1];
  return token ? readToken("unsubscribe", token) : null;
}

/** A complaint is proven by our signed reference and an address that is ours, hidden or missing: providers mask it. */
export function complaintProof({ target, proof }: Origin, recipients: (string | null)[]): Proof {
  const [recipient = null] = recipients.filter((one) => one !== null);
  if (proof !== "signed" || !target || target.old) return "none";
  const masked = recipient === null || /^[^@]{0,20}redact|^[0-9a-f]{16,}@/i.test(recipient);
  const ours =
    target.address === null ||
    recipients.some((one) => names({ recipient: one, originalRecipient: null }, target.address ?? "", false));
  return masked || ours ? "signed" : "none";
}
