/** A compiled mail as one person would see it, for previews. */
import type { Basis, FooterWords } from "#emails/footer";
import { type Format, renderFor } from "#emails/personalise";
import { createSlots } from "#emails/slots";
import type { House } from "#lib/department/settings/house";
import type { SampleVariables } from "#lib/letters/campaigns/queries";
import { inScheme } from "#lib/letters/campaigns/scheme";
import { whyOf, wordsFor } from "#lib/letters/deliveries/footer";

const links = { unsubscribe: "#", preferences: "#", online: "#" };

/** What a preview knows of its reader: a sample contact's words, or nobody's, and the footer he would read. */
export type Seen = Partial<SampleVariables> & { words: FooterWords };

export function seenBy(
  sample: SampleVariables | null,
  topic: { name: string; legalBasis: Basis },
  house: House,
): Seen {
  return { ...sample, words: wordsFor(whyOf(topic.legalBasis, topic.name, house.brand.name), { ...sample }) };
}

/** The mail with the reader's words in place of the slots; what cannot be read yet is left as typed. */
export function personalised(template: string, seen: Seen | null, format: Format): string {
  try {
    return renderFor(template, { ...seen, links }, format);
  } catch {
    return template;
  }
}

/** A line as it was typed, read as its letter will be: all but the known variables is only text. */
export function typedLine(line: string): string {
  const slots = createSlots();
  return personalised(slots.restore(slots.protect(line), "text"), null, "header");
}

/** The mail for an isolated frame, the night colours on or off whatever the screen around it prefers. */
export function showTo(template: string, seen: Seen, scheme: "light" | "dark"): string {
  return inScheme(personalised(template, seen, "html"), scheme);
}
