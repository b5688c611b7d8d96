import { readdirSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { createUser } from "../lib/office/users/command.ts";
import { samples } from "./samples.ts";

const phrase = "une phrase bien longue";
const admin = `axe.${Date.now().toString(36)}@src.example`;
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let sample: Record<string, string>;

/** Addresses of all pages, those with a parameter by a sample. */
const pages = (group: "(staff)" | "(public)") =>
  readdirSync(`app/${group}`, { recursive: true, encoding: "utf8" })
    .filter((file) => /(^|\/)page\.tsx$/.test(file))
    .map((file) => `/${file.replace(/\/?page\.tsx$/, "")}`)
    .map((route) => (route.includes("[") ? (sample[route] ?? `no sample of ${route}`) : route))
    .sort();

test.beforeAll(async () => {
  sample = await samples();
  await createUser({ email: admin, name: "Axe Martin", role: "administrator" }, phrase);
});

for (const look of [
  { colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { colorScheme: "dark", viewport: { width: 390, height: 844 } },
] as const) {
  test.describe(`${look.colorScheme}, ${look.viewport.width} px`, () => {
    test.use(look);
    test.setTimeout(480_000);

    for (const group of ["(public)", "(staff)"] as const)
      test(`every page of ${group} can be read and used by everybody`, async ({ page }) => {
        if (group === "(staff)") {
          await page.goto("/connexion");
          await page.getByLabel("Adresse e-mail").fill(admin);
          await page.getByLabel("Mot de passe", { exact: false }).first().fill(phrase);
          await page.getByRole("button", { name: "Se connecter" }).click();
          await page.waitForURL((url) => url.pathname === "/");
        }
        const refused: string[] = [];
        page.on("console", (message) => {
          // Pictures of the samples' letters lead nowhere; what the page may not do is what matters here.
          if (/Content Security Policy|Cross-Origin-Opener|Minified React error/i.test(message.text()))
            refused.push(`${page.url()}: ${message.text()}`);
        });
        page.on("pageerror", (error) => refused.push(`${page.url()}: ${error.message}`));
        for (const path of pages(group)) {
          const answer = await page.goto(path);
          expect(answer?.status(), path).toBe(200);
          expect(answer?.headers()["content-security-policy"], path).toContain("script-src 'nonce-");
          await expect(page.getByText("Quelque chose s’est mal passé"), path).toHaveCount(0);
          await expect(page.locator("h1"), path).toHaveCount(1);
          await expect(page, path).toHaveTitle(/\S/);
          const wide = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          expect.soft(wide, `${path} scrolls sideways`).toBe(0);
          // The previews of mails run no script, axe's included: inside them it would wait for ever.
          const { violations } = await new AxeBuilder({ page }).withTags(rules).exclude("iframe").analyze();
          expect
            .soft(
              violations.map(({ id, nodes }) => `${path}: ${id} ${nodes[0]?.target}`),
              path,
            )
            .toEqual([]);
        }
        expect(refused, "nothing of ours is refused by our own policy").toEqual([]);
      });
  });
}
