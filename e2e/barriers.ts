import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";
import type { default as Axe } from "axe-core";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const script = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

declare global {
  var axe: typeof Axe | undefined;
}

/**
 * What would stop somebody on this page, or in the part `within`, as axe judges it: a rule and its elements, or nothing.
 * `contrast` is two thirds of the work: what was found legible at one width is so at another.
 */
export async function barriers(page: Page, within?: string, contrast = true): Promise<string[]> {
  // Further down, bars that stay lie over what scrolls under them.
  if (!within) await page.evaluate(() => scrollTo(0, 0));
  // Half a megabyte: once a page, not once a look.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(script);
  return page.evaluate(
    async ({ include, runOnly, contrast }) => {
      if (!globalThis.axe) throw new Error("axe did not load");
      // The previews of mails run no script, axe's included: inside them it would wait for ever.
      const { violations } = await globalThis.axe.run(
        { include: [[include]], exclude: [["iframe"]] },
        {
          ...{ runOnly, resultTypes: ["violations"], iframes: false },
          rules: { "color-contrast": { enabled: contrast } },
        },
      );
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    },
    { include: within ?? "html", runOnly: rules, contrast },
  );
}

/** Nothing stops anybody and nothing overflows, on a telephone, a tablet and a desk; pictures of it for who asks for them. */
export async function looksRight(page: Page, name: string): Promise<void> {
  for (const width of [390, 820, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await barriers(page, undefined, width === 390), `${name}, ${width} px`).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name).toBe(true);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await pictures(page, name);
}

/** For who looks at the screens, in the folder that SCREENS names: none is taken without it. */
export async function pictures(page: Page, name: string): Promise<void> {
  if (!process.env.SCREENS) return;
  for (const width of [390, 820, 1440])
    for (const colorScheme of ["light", "dark"] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await picture(page, `${name}-${width}-${colorScheme}`);
    }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** One, of the page as it is now. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENS;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
