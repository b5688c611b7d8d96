import { z } from "zod";

const hex = z.string().regex(/^#[0-9a-fA-F]{6}$/, "badColour");
export const webUrl = z
  .string()
  .max(2000)
  .refine((url) => /^https?:\/\/\S+$/i.test(url) && URL.canParse(url), "badUrl");

/** Who speaks, and how it looks: the same for the three models, set by the administrator. */
export const brandSchema = z.object({
  /** Legal name of the sender, shown in the footer: the department and its institution. */
  name: z.string().trim().min(1).max(120),
  /** Short name beside the logo, such as « Département SRC ». */
  shortName: z.string().trim().max(60).default(""),
  /** Hosted PNG or JPEG that can be read on white and, since some readers turn mails dark, on black too. */
  logo: z
    .object({ src: webUrl, alt: z.string().trim().min(1).max(120), width: z.int().min(24).max(360) })
    .nullable()
    .default(null),
  primary: hex,
  accent: hex,
  /** One line of the postal address per item. */
  postalAddress: z.array(z.string().trim().min(1).max(120)).min(1).max(6),
  privacyUrl: webUrl,
});

export type Brand = z.infer<typeof brandSchema>;
