import { z } from "zod";
import { line, lines, requiredLine } from "#lib/machine/fields";

export const appearanceInput = z.object({ theme: z.enum(["light", "dark", "system"]) });
export const languageInput = z.object({ locale: z.enum(["fr", "en"]) });

const color = z
  .string("required")
  .trim()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/, "settings.errors.color");
const email = line(254).pipe(z.string().regex(/^([^\s@]+@[^\s@]+\.[^\s@]{2,})?$/, "email"));
const url = line(500).refine((text) => text === "" || isWebAddress(text), "settings.errors.url");

export const brandingInput = z.object({
  name: requiredLine(120),
  shortName: requiredLine(60),
  primaryColor: color,
  accentColor: color,
  /** An empty file when none was chosen. */
  logo: z.instanceof(File).optional(),
  removeLogo: z.literal("on").optional(),
});

export const legalInput = z.object({
  postalAddress: lines(600),
  controller: line(200),
  dpoEmail: email,
  privacyUrl: url,
  secretariatEmail: email,
  phone: line(60).default(""),
  publicationDirector: line(200).default(""),
  host: lines(400).default(""),
  publicUrl: url,
});

/** Empty: in the database. */
export const attachmentsInput = z.object({
  folder: line(1_000).transform((path) => (path === "/" ? path : path.replace(/\/+$/, ""))),
});

function isWebAddress(text: string): boolean {
  const address = URL.parse(text);
  return address !== null && /^https?:$/.test(address.protocol) && address.username === "";
}
