import type { Block } from "./blocks.ts";
import type { Brand } from "./brand.ts";
import type { Finding } from "./finding.ts";
import { fourMedia } from "./four-media.ts";
import { letterMjml } from "./layout.ts";
import type { Letter, Model } from "./letter.ts";
import { lintEmail } from "./lint.ts";
import { linkMarks, unreadLinks } from "./markdown.ts";
import { mjmlToHtml } from "./mjml.ts";
import { letterText } from "./plain-text.ts";
import { createSlots, type Slots } from "./slots.ts";
import { src } from "./src.ts";
import { taxe } from "./taxe.ts";
import { altStyle } from "./theme.ts";
import { checkVariables } from "./variables.ts";
import type { Locale, ModelKey } from "./words.ts";

export type CampaignContent = {
  model: ModelKey;
  brand: Brand;
  locale: Locale;
  subject: string;
  /** Shown after the subject in the list of messages; may be empty. */
  preheader: string;
  blocks: readonly Block[];
  /** The h1; the subject when left out. */
  title?: string;
  /** Number and date of the issue, place and date of a letter. */
  issue?: string;
  /** Who signs: name, then role and address lines. */
  signature?: readonly string[];
};

/** Liquid templates, each to be personalised in its own format: html, text, header. */
export type CompiledCampaign = {
  html: string;
  text: string;
  subject: string;
  preheader: string;
  findings: Finding[];
};

const models: Record<ModelKey, Model> = { src, "4media": fourMedia, taxe };

/**
 * Freezes a campaign: MJML runs once, and what is left to fill for each recipient are Liquid outputs, among them
 * `links.unsubscribe`, `links.preferences`, `links.online` and the `words` of footer.ts. Content never throws, whatever was typed: what
 * cannot be sent as it stands is in `findings`, level "error".
 */
export async function compileCampaign(content: CampaignContent): Promise<CompiledCampaign> {
  const slots = createSlots();
  const letter = letterOf(content, slots);
  const model = models[content.model];
  const { html, findings } = await mjmlToHtml(letterMjml(letter, model), altStyle(model.theme(letter.brand)));
  const frozen = slots.restore(html, "html");
  return {
    html: frozen,
    text: slots.restore(letterText(letter), "text"),
    subject: slots.restore(letter.subject, "text"),
    preheader: slots.restore(letter.preheader, "text"),
    findings: [...variableFindings(content), ...brokenLinks(letter), ...findings, ...lintEmail(frozen)],
  };
}

function letterOf(content: CampaignContent, slots: Slots): Letter {
  const { model, brand, locale } = content;
  const subject = slots.protect(content.subject.replace(/\s+/g, " ").trim());
  return {
    model,
    brand: protectStrings(brand, slots),
    locale,
    slots,
    subject,
    preheader: slots.protect(content.preheader),
    title: content.title ? slots.protect(content.title) : subject,
    issue: slots.protect(content.issue ?? ""),
    signature: protectStrings([...(content.signature ?? [])], slots),
    blocks: protectStrings([...content.blocks], slots),
  };
}

const identifiers = new Set(["id", "type", "src", "primary", "accent", "privacyUrl"]);

/** The same structure with every text protected; identifiers and picture addresses are not text. */
function protectStrings<T>(value: T, slots: Slots): T {
  return JSON.parse(JSON.stringify(value), (key, found: unknown) =>
    typeof found === "string" && !identifiers.has(key) ? slots.protect(found) : found,
  ) as T;
}

function variableFindings(content: CampaignContent): Finding[] {
  const { subject, preheader, title = "", signature = [] } = content;
  const own = { subject, preheader, title, signature: signature.join("\n") };
  return [
    ...Object.entries(own).flatMap(([field, text]) => check(text, null, field)),
    ...content.blocks.flatMap((block) =>
      textsOf(block).flatMap(([field, text]) => check(text, block.id, field)),
    ),
  ];
}

/** Of the protected letter: a variable in an address counts as its fallback. */
function brokenLinks({ blocks, slots }: Letter): Finding[] {
  return blocks.flatMap((block) =>
    textsOf(block).flatMap(([field, text]) => {
      const found = field === "markdown" ? unreadLinks(text, slots) : linkMarks(text);
      const excerpts = found.map((excerpt) => slots.fallback(excerpt).slice(0, 120));
      const place = { blockId: block.id, field, line: 1, column: 1 };
      return excerpts.map(
        (excerpt): Finding => ({ level: "error", code: "brokenLink", params: { excerpt }, where: place }),
      );
    }),
  );
}

function check(text: string, blockId: string | null, field: string): Finding[] {
  return checkVariables(text).map(({ level, code, params, line, column }) => ({
    level,
    code,
    params,
    where: { blockId, field, line, column },
  }));
}

function textsOf(value: object, path = ""): [string, string][] {
  return Object.entries(value).flatMap(([key, found]): [string, string][] => {
    const field = path ? `${path}.${key}` : key;
    if (typeof found === "string") return identifiers.has(key) ? [] : [[field, found]];
    return found !== null && typeof found === "object" ? textsOf(found, field) : [];
  });
}
