import type { Brand } from "./brand.ts";
import { inkOn, legible, mix } from "./colour.ts";

/** Everything a model decides about looks, contrast already settled. Colours are opaque `#rrggbb`. */
export type Theme = {
  page: string;
  paper: string;
  ink: string;
  /** Secondary text, readable on paper and on page. */
  soft: string;
  rule: string;
  panel: string;
  link: string;
  primary: string;
  button: string;
  onButton: string;
  accent: string;
  onAccent: string;
  bodyFont: string;
  titleFont: string;
  titleWeight: "bold" | "normal";
};

/** Installed everywhere; web fonts are shown by Apple Mail and Thunderbird only. */
export const fonts = {
  sans: "Helvetica, Arial, sans-serif",
  serif: "Georgia, 'Times New Roman', serif",
  heavy: "'Arial Black', 'Helvetica Neue', Helvetica, Arial, sans-serif",
};

type Choice = Pick<Theme, "page" | "paper" | "ink" | "bodyFont" | "titleFont" | "titleWeight"> & {
  button?: string;
};

/** A theme whose secondary, link and panel colours follow from the brand and can be read. */
export function themeFor(brand: Brand, choice: Choice): Theme {
  const panel = mix(brand.primary, choice.paper, 0.07);
  const button = choice.button ?? brand.primary;
  return {
    ...choice,
    soft: legible(mix(choice.ink, choice.paper, 0.62), choice.page, 5),
    rule: mix(choice.ink, choice.paper, 0.16),
    panel,
    link: legible(brand.primary, panel),
    primary: brand.primary,
    button,
    onButton: inkOn(button),
    accent: brand.accent,
    onAccent: inkOn(brand.accent),
  };
}

/** What a reader sees in place of a blocked picture: the alternative in the letter's own type. */
export function altStyle(theme: Theme): string {
  return `font-family:${theme.bodyFont};line-height:22px;color:${theme.ink};`;
}

/** The night version of the same theme, for the clients that read `prefers-color-scheme`. */
export function darkCss(theme: Theme): string {
  const paper = "#1c1e24";
  const panel = "#272a32";
  const link = legible(theme.primary, panel);
  return `
    :root { color-scheme: light dark; supported-color-schemes: light dark; }
    @media (prefers-color-scheme: dark) {
      body, .page, .page > div, .page > table { background: #121317 !important; background-color: #121317 !important; }
      .paper, .paper > table { background: ${paper} !important; background-color: ${paper} !important; }
      .panel { background: ${panel} !important; background-color: ${panel} !important; }
      .paper div, .paper h1, .paper h2, .paper p, .paper li, .paper td { color: #eceef2 !important; }
      .paper td, .rule p { border-color: #3d414c !important; }
      .bar p { border-color: #eceef2 !important; }
      .logo img { background-color: #ffffff !important; padding: 10px !important; }
      .foot div, .foot p, .paper .soft div, .paper .soft p, .paper .soft td { color: #b9bec9 !important; }
      .paper a, .foot a, .paper td.hue, .paper .hue div, .paper .hue p { color: ${link} !important; }
      .paper .button a { color: ${theme.onButton} !important; }
    }`;
}
