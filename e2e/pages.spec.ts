import { readdirSync } from "node:fs";
import { expect, type Page, type Response, test } from "@playwright/test";
import { sql } from "../lib/machine/db.ts";
import { barriers } from "./barriers.ts";
import { samples } from "./samples.ts";
import { enter, giveUser } from "./session.ts";
import { scales, type Weight } from "./weight.ts";

const admin = `axe.${Date.now().toString(36)}@src.example`;
const looks = [
  { width: 1440, colorScheme: "light" },
  { width: 390, colorScheme: "dark" },
] as const;

/** Thousands of bytes as they travel, at a first visit: scripts of lists and of pages without a session, of the others. */
const most = { light: 140, any: 200, page: 60 };
/** Thousands of bytes of HTML once unpacked: fifty people on one page. */
const mostPeople = 300;
const light =
  /^\/(connexion|contacts|organisations|campaigns|segments|sources|received|notices|users|relays|sandbox|audit|help)$/;

let sample: Record<string, string>;

type Group = "(staff)" | "(public)";

const routes = (group: Group) =>
  readdirSync(`app/${group}`, { recursive: true, encoding: "utf8" })
    .filter((file) => /(^|\/)page\.tsx$/.test(file))
    .map((file) => `/${file.replace(/\/?page\.tsx$/, "")}`)
    .sort();

/** The page’s address, with a parameter by a sample. */
const addressOf = (route: string) =>
  route.includes("[") ? (sample[route] ?? `no sample of ${route}`) : route;

test.beforeAll(async () => {
  await giveUser({ email: admin, name: "Axe Martin", role: "administrator" });
  sample = await samples(admin);
  await sql`insert into contacts (kind, first_name, last_name) select 'former_src', 'Camille', 'Poids ' || n from generate_series(1, 60) n`;
});

for (const group of ["(public)", "(staff)"] as const)
  test(`every page of ${group} can be read and used by everybody, and does not wait for its scripts`, async ({
    page,
  }) => {
    test.setTimeout(600_000);
    const scale = scales(page);
    if (group === "(staff)") await enter(page, admin);
    const refused: string[] = [];
    page.on("console", (message) => {
      // Pictures of the samples' letters lead nowhere; what the page may not do is what matters here.
      if (/Content Security Policy|Cross-Origin-Opener|Minified React error/i.test(message.text()))
        refused.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => refused.push(`${page.url()}: ${error.message}`));
    for (const route of routes(group)) {
      const path = addressOf(route);
      scale.clear();
      const answer = await page.goto(path);
      expect(answer?.status(), path).toBe(200);
      expect(answer?.headers()["content-security-policy"], path).toContain("script-src 'nonce-");
      await expect(page.getByText("Quelque chose s’est mal passé"), path).toHaveCount(0);
      await expect(page.locator("h1"), path).toHaveCount(1);
      await expect(page, path).toHaveTitle(/\S/);
      for (const { width, colorScheme } of looks) {
        await page.setViewportSize({ width, height: 900 });
        // Without motion: a colour on its way to another is neither.
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        const name = `${path}, ${colorScheme}, ${width} px`;
        expect.soft(wide, `${name}: scrolls sideways`).toBe(0);
        if (width > 1000) expect.soft(await brokenWords(page), `${name}: words cut in two`).toEqual([]);
        expect.soft(await barriers(page), name).toEqual([]);
      }
      weighed(group, route, await scale.read(answer as Response));
    }
    expect(refused, "nothing of ours is refused by our own policy").toEqual([]);
  });

function weighed(group: Group, route: string, { scripts, page, html }: Weight) {
  const limit = group === "(public)" || light.test(route) ? most.light : most.any;
  console.log([scripts, limit, page, html].map((n) => n.toFixed(1).padStart(7)).join(" "), route);
  expect.soft(scripts, `${route}: kB of scripts`).toBeLessThanOrEqual(limit);
  expect.soft(scripts, `${route}: scripts were weighed`).toBeGreaterThan(50);
  expect.soft(page, `${route}: kB of page`).toBeLessThanOrEqual(most.page);
  if (route === "/contacts") expect.soft(html, "kB of HTML for fifty people").toBeLessThanOrEqual(mostPeople);
}

/** Words of lists that begin on one line and end on another; a line may end at a mark of an address. */
const brokenWords = (page: Page) =>
  page.locator("main table.stacked").evaluateAll((tables) => {
    const broken: string[] = [];
    for (const table of tables) {
      const texts = document.createTreeWalker(table, NodeFilter.SHOW_TEXT);
      for (let node = texts.nextNode(); node; node = texts.nextNode())
        for (const { 0: word, index } of (node.textContent ?? "").matchAll(/[\p{L}\p{N}]{2,}/gu)) {
          const range = document.createRange();
          range.setStart(node, index);
          range.setEnd(node, index + word.length);
          const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
          if (lines.size > 1) broken.push(word);
        }
    }
    return broken;
  });
