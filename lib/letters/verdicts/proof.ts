/** How far a report is believed. Decoding says what it means; only its origin says whether it may act. */
import { isAligned } from "#lib/letters/verdicts/domains";

/**
 * refusal: said to us during SMTP. signed: it returns our signed reference. authenticated: our relay's provider or the
 * recipient's own domain says so. staff: somebody here decided. none: anybody may have written it.
 */
export type Proof = "refusal" | "signed" | "authenticated" | "staff" | "none";

/** What a verdict may do: everything it says, no more than wait, or nothing until somebody decides. */
export type Force = "all" | "soft" | "none";

/** Days after which even our own reference proves nothing more: it travels with every forward. */
export const provenDays = 30;

/**
 * A report on a delivery, by its proof and what is known since. Somebody who answered after the mail left is alive,
 * whatever a report says.
 */
export function forceOf(proof: Proof, { old, answered }: { old: boolean; answered: boolean }): Force {
  if (proof === "refusal" || proof === "staff") return "all";
  if (proof === "none" || answered) return "none";
  if (proof === "authenticated") return "soft";
  return old ? "none" : "all";
}

/** The names one provider signs its reports with. */
const families = [
  ["gmail.com", "googlemail.com", "google.com"],
  ["office365.com", "outlook.com", "microsoft.com", "hotmail.com", "onmicrosoft.com"],
  ["orange.fr", "wanadoo.fr"],
  ["sfr.fr", "neuf.fr", "cegetel.net"],
  ["free.fr", "proxad.net"],
  ["ovh.net", "ovh.com"],
];

/** Whether an authenticated domain is the recipient's, ours, or that of the relay we send through. */
export function mayReport(domain: string, recipientDomain: string, relayHosts: string[]): boolean {
  if (isAligned(domain, recipientDomain)) return true;
  const known = relayHosts.map((host) => host.toLowerCase()).flatMap((host) => [host, ...familyOf(host)]);
  return domain.includes(".") && known.some((host) => isAligned(domain, host));
}

const familyOf = (host: string) =>
  families.find((family) => family.some((name) => host === name || host.endsWith(`.${name}`))) ?? [];
