import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What would stop somebody on this page, or in the part `within`, as axe judges it: a rule and its elements, or nothing. */
export async function barriers(page: Page, within?: string): Promise<string[]> {
  // The previews of mails run no script, axe's included: inside them it would wait for ever.
  const builder = new AxeBuilder({ page }).setLegacyMode().exclude("iframe");
  if (within) builder.include(within);
  // Further down, bars that stay lie over what scrolls under them.
  else await page.evaluate(() => scrollTo(0, 0));
  const { violations } = await builder.options({ runOnly: rules, resultTypes: ["violations"] }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** Nothing stops anybody and nothing overflows, on a telephone, a tablet and a desk; pictures of it for who looks. */
export async function looksRight(page: Page, name: string): Promise<void> {
  for (const width of [390, 820, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await barriers(page), `${name}, ${width} px`).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name).toBe(true);
    await page.screenshot({ path: `.data/reports/${name}-${width}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await page.screenshot({ path: `.data/reports/${name}-dark.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 900 });
}
