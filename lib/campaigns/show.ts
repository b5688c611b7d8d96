/** A compiled mail as one person would see it, for previews. */
import { type Format, renderFor } from "#emails/personalise";
import { createSlots } from "#emails/slots";
import type { SampleVariables } from "#lib/campaigns/queries";
import { inScheme } from "#lib/campaigns/scheme";

const links = { unsubscribe: "#", preferences: "#", online: "#" };

/** The mail with the sample's words in place of the slots; what cannot be read yet is left as typed. */
export function personalised(template: string, sample: SampleVariables | null, format: Format): string {
  try {
    return renderFor(template, { ...sample, links }, format);
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
export function showTo(template: string, sample: SampleVariables | null, scheme: "light" | "dark"): string {
  return inScheme(personalised(template, sample, "html"), scheme);
}
