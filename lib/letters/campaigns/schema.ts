import { z } from "zod";
import { rowId } from "#lib/machine/asked";
import { line, lines, requiredLine } from "#lib/machine/fields";

export const models = ["src", "4media", "taxe"] as const;
export const blockTypes = [
  "text",
  "heading",
  "article",
  "button",
  "image",
  "quote",
  "figures",
  "divider",
] as const;
export type BlockKind = (typeof blockTypes)[number];

const text = z.string().max(20_000).default("");
const id = z.string().regex(/^[a-z0-9]{1,32}$/i);
const picture = z
  .object({ src: text, alt: text, decorative: z.boolean().default(false) })
  .default({ src: "", alt: "", decorative: false });
const link = z.object({ label: text, url: text }).default({ label: "", url: "" });
const block = <T extends BlockKind, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ id, type: z.literal(type), ...shape });

/**
 * A block being written: the fields of `emails/blocks.ts`, blank wherever nothing is typed yet. `rules.ts` says
 * what is still missing before it may be sent.
 */
export const draftBlock = z.discriminatedUnion("type", [
  block("text", { markdown: text }),
  block("heading", { text }),
  block("article", { title: text, image: picture, markdown: text, link }),
  block("button", { label: text, url: text }),
  block("image", { image: picture, caption: text }),
  block("quote", { markdown: text, author: text }),
  block("figures", {
    items: z
      .array(z.object({ value: text, label: text }))
      .max(6)
      .default([]),
  }),
  block("divider", {}),
]);
export const draftBlocks = z.array(draftBlock).max(60, "tooManyBlocks");

export type DraftBlock = z.infer<typeof draftBlock>;

const figureRows = [0, 1, 2, 3, 4, 5];

/** The blocks of the composer's form (`block.<id>.type`, `block.<id>.image.src`…), in the order they stand in. */
export function readBlocks(fields: Record<string, unknown>): unknown[] {
  const ids = Object.keys(fields).flatMap((key) => /^block\.([a-z0-9]+)\.type$/i.exec(key)?.[1] ?? []);
  return ids.map((id) => {
    const field = (name: string) => String(fields[`block.${id}.${name}`] ?? "").replaceAll("\r\n", "\n");
    const pairs = figureRows.map((n) => ({
      value: field(`items.${n}.value`),
      label: field(`items.${n}.label`),
    }));
    return {
      id,
      type: field("type"),
      markdown: field("markdown"),
      text: field("text"),
      title: field("title"),
      label: field("label"),
      url: field("url"),
      caption: field("caption"),
      author: field("author"),
      image: {
        src: field("image.src").trim(),
        alt: field("image.alt"),
        decorative: field("image.decorative") !== "",
      },
      link: { label: field("link.label"), url: field("link.url") },
      items: pairs.filter(({ value, label }) => value !== "" || label !== ""),
    };
  });
}

const optionalId = z
  .union([z.literal(""), rowId()])
  .optional()
  .transform((value) => (value ? value : null));

export const campaignId = z.object({ id: rowId() });

export const createInput = z.object({ model: z.enum(models), name: line(120) });

/** Everything the composer edits, as one form. */
export const saveInput = z
  .record(z.string(), z.unknown())
  .transform((fields) => ({ ...fields, blocks: readBlocks(fields) }))
  .pipe(
    z.object({
      id: rowId(),
      version: z.coerce.number().int().min(0).max(2_147_483_647),
      name: requiredLine(120),
      topicId: rowId("required"),
      segmentId: optionalId,
      identityId: optionalId,
      subject: line(250),
      preheader: line(250),
      issue: line(120),
      signature: lines(600),
      blocks: draftBlocks,
      /** A button of the form that also changes the blocks, such as `add:text` or `up:b3`; see the composer. */
      intent: z
        .string()
        .regex(/^[a-z]+(:[a-z0-9]+)?$/i)
        .default("save"),
    }),
  );
export type DraftInput = Omit<z.infer<typeof saveInput>, "id" | "version" | "intent">;

const address = z.email("email").max(254);

export const testInput = z.object({
  id: rowId(),
  sampleId: optionalId,
  to: z
    .string("required")
    .transform((value) => [...new Set(value.split(/[\s,;]+/).filter(Boolean))])
    .pipe(z.array(address).min(1, "required").max(5, "fiveAtMost")),
});

export const launchInput = z.object({
  id: rowId(),
  /** The number of people the person saw and confirmed. */
  seen: z.coerce.number().int().min(0),
});

export const scheduleInput = launchInput.extend({
  /** Wall clock of Paris, from `datetime-local`. */
  at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, "required"),
});

export const outcomes = [
  "all",
  "queued",
  "sending",
  "unknown",
  "sent",
  "failed",
  "skipped",
  "bounced",
  "replied",
  "unsubscribed",
] as const;
export type Outcome = (typeof outcomes)[number];

export const campaignStatuses = ["draft", "scheduled", "sending", "paused", "sent", "cancelled"] as const;
