import type { Block } from "./blocks.ts";
import type { Brand } from "./brand.ts";
import type { Look } from "./look.ts";
import type { Slots } from "./slots.ts";
import type { Theme } from "./theme.ts";
import type { Locale, ModelKey } from "./words.ts";

/** A campaign ready to be written out: texts already protected by its slots. */
export type Letter = {
  model: ModelKey;
  brand: Brand;
  locale: Locale;
  slots: Slots;
  subject: string;
  preheader: string;
  /** The only h1. */
  title: string;
  /** Such as « N° 12 · Novembre 2026 »; may be empty. */
  issue: string;
  /** Name and role of who signs, one line per item; may be empty. */
  signature: string[];
  blocks: Block[];
};

/** A model decides its colours, what stands above the blocks, and how its blocks look. */
export type Model = {
  theme(brand: Brand): Theme;
  masthead(letter: Letter, theme: Theme): string;
  look(letter: Letter, theme: Theme): Look;
};
