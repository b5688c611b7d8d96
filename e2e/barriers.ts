import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

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
