import { invertLightness } from "./colour.ts";

/** What hostile clients make of a mail, for tests and previews. */
export type Variants = {
  /** La Poste, SFR, GMX, and the Gmail apps with another provider's account: no `<style>` at all. */
  withoutStyle: string;
  /** Outlook for Windows, older Thunderbird: styles, but no media query. */
  withoutMedia: string;
  /** Most clients at first sight. */
  withoutImages: string;
  /** Gmail on a phone at night: every lightness turned over, whatever the mail asked for. */
  inverted: string;
};

export function variants(html: string): Variants {
  return {
    withoutStyle: html.replace(/<style\b[\s\S]*?<\/style>/gi, ""),
    withoutMedia: html.replace(
      /(<style\b[^>]*>)([\s\S]*?)(<\/style>)/gi,
      (_, open: string, css: string, close: string) =>
        /\smedia=/i.test(open) ? "" : open + withoutMediaRules(css) + close,
    ),
    withoutImages: html.replace(/(<img\b[^>]*?\s)src=("[^"]*")/gi, "$1data-blocked=$2"),
    inverted: invert(html),
  };
}

function withoutMediaRules(css: string): string {
  let kept = "";
  let rest = css;
  for (;;) {
    const start = rest.search(/@media\b/i);
    if (start === -1) return kept + rest;
    kept += rest.slice(0, start);
    rest = rest.slice(endOfRule(rest, start));
  }
}

/** Offset just after the brace that closes the rule starting at `start`. */
function endOfRule(css: string, start: number): number {
  let depth = 0;
  for (let i = start; i < css.length; i++) {
    if (css[i] === "{") depth++;
    if (css[i] === "}" && --depth === 0) return i + 1;
  }
  return css.length;
}

function invert(html: string): string {
  return html.replace(/\b(style|bgcolor|color)="([^"]*)"/gi, (_, name: string, value: string) => {
    const turned = value.replace(/#[0-9a-f]{6}\b/gi, (hex) => invertLightness(hex));
    return `${name}="${turned}"`;
  });
}
