/**
 * How an address asks the sandbox for a behaviour: a mark before or after a « + » in its local part, with dots,
 * hyphens or underscores (`refus.permanent+lea@…`, `camille.durand+rebond-dur@exemple.fr`, `rebond.dur@…`).
 */

/** What happens: refused while the mail is handed over, or accepted and answered afterwards in the mailbox. */
export type Mark =
  | { key: MarkKey; when: "refused"; code: number; text: string; onlyFirst: boolean }
  | { key: MarkKey; when: "answered" };

export const markKeys = [
  "refus-permanent",
  "refus-temporaire",
  "boite-pleine",
  "quota",
  "rebond-dur",
  "rebond-mou",
  "rebond-blocage",
  "retard",
  "reponse",
  "absent",
  "plainte",
  "desabonne",
] as const;
export type MarkKey = (typeof markKeys)[number];

/** In the words real servers use; `onlyFirst`: the second try of the same mail is accepted. */
const refusals: Partial<Record<MarkKey, { code: number; text: string; onlyFirst: boolean }>> = {
  "refus-permanent": {
    code: 550,
    text: "5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for typos or unnecessary spaces. - gsmtp",
    onlyFirst: false,
  },
  "refus-temporaire": {
    code: 451,
    text: "4.7.1 Greylisting in action, please come back later",
    onlyFirst: true,
  },
  "boite-pleine": {
    code: 552,
    text: "5.2.2 The recipient's inbox is out of storage space. Please direct the recipient to https://support.google.com/mail/?p=OverQuotaPerm - gsmtp",
    onlyFirst: false,
  },
  quota: {
    code: 550,
    text: "5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to https://support.google.com/a/answer/166852 - gsmtp",
    onlyFirst: true,
  },
};

/** The mark an address carries, or null for an ordinary recipient. */
export function markOf(address: string): Mark | null {
  const local = address.slice(0, address.lastIndexOf("@")).toLowerCase();
  for (const piece of local.split("+")) {
    const key = markKeys.find((one) => one === piece.replace(/[._]/g, "-"));
    if (!key) continue;
    const refusal = refusals[key];
    return refusal ? { key, when: "refused", ...refusal } : { key, when: "answered" };
  }
  return null;
}
