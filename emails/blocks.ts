import { z } from "zod";
import { webUrl } from "./brand.ts";
import { isLinkVariable, safeHref } from "./href.ts";

/**
 * What a teacher composes. Rich text is stored as Markdown cut down to paragraphs, **bold**, *italic*,
 * [links](https://…), bulleted and numbered lists; a single line break is kept; anything else, HTML included,
 * is shown as it was typed. Every text may hold the personal variables of variables.ts.
 */

/** http, https, mailto, tel, or one of the recipient's own addresses (`{{ links.preferences }}`). */
export const linkUrl = z
  .string()
  .trim()
  .max(2000)
  .refine((url) => isLinkVariable(url) || (!url.includes("{{") && safeHref(url) !== null), "badUrl");

const pictureSchema = z
  .object({
    src: webUrl,
    alt: z.string().trim().max(300).default(""),
    /** Says that the picture adds nothing to the text; then alt stays empty. */
    decorative: z.boolean().default(false),
  })
  .refine((picture) => picture.decorative || picture.alt !== "", { error: "altMissing", path: ["alt"] });

const linkSchema = z.object({ label: z.string().trim().min(1).max(120), url: linkUrl });

const id = z.string().min(1).max(64);
const line = z.string().trim().min(1).max(300);
const markdown = z.string().max(20_000);

const textBlock = z.object({ id, type: z.literal("text"), markdown });
const headingBlock = z.object({ id, type: z.literal("heading"), text: line });
const articleBlock = z.object({
  id,
  type: z.literal("article"),
  title: line,
  image: pictureSchema.nullable().default(null),
  markdown,
  link: linkSchema.nullable().default(null),
});
const buttonBlock = z.object({ id, type: z.literal("button"), label: line, url: linkUrl });
const imageBlock = z.object({
  id,
  type: z.literal("image"),
  image: pictureSchema,
  caption: z.string().trim().max(300).default(""),
});
const quoteBlock = z.object({
  id,
  type: z.literal("quote"),
  markdown,
  author: z.string().trim().max(200).default(""),
});
const figuresBlock = z.object({
  id,
  type: z.literal("figures"),
  /** Such as { value: "92 %", label: "de nos diplômés en poste à douze mois" }. */
  items: z
    .array(z.object({ value: z.string().trim().min(1).max(16), label: line }))
    .min(1)
    .max(6),
});
const dividerBlock = z.object({ id, type: z.literal("divider") });

export const blockSchema = z.discriminatedUnion("type", [
  textBlock,
  headingBlock,
  articleBlock,
  buttonBlock,
  imageBlock,
  quoteBlock,
  figuresBlock,
  dividerBlock,
]);

export type Block = z.infer<typeof blockSchema>;
export type BlockType = Block["type"];
export type BlockOf<T extends BlockType> = Extract<Block, { type: T }>;
export type Picture = z.infer<typeof pictureSchema>;
