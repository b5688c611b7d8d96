import { readdirSync } from "node:fs";
import {
  type Browser,
  type BrowserContext,
  expect,
  type Request,
  type Response,
  test,
} from "@playwright/test";
import { sql } from "../lib/machine/db.ts";
import { samples } from "./samples.ts";
import { enter, giveUser } from "./session.ts";

/** Thousands of bytes as they travel, at a first visit: scripts of lists and of pages without a session, of the others. */
const most = { light: 140, any: 200, page: 60 };
/** Thousands of bytes of HTML once unpacked: fifty people on one page. */
const mostPeople = 300;
const light =
  /^\/(connexion|contacts|organisations|campaigns|segments|sources|received|notices|users|relays|sandbox|audit|help)$/;

const admin = `weight.${Date.now().toString(36)}@src.example`;

type Session = Awaited<ReturnType<BrowserContext["storageState"]>> | undefined;
type Weight = { scripts: number; page: number; html: number };

/** What a browser that knows nothing fetches for one address. */
async function weigh(browser: Browser, storageState: Session, path: string): Promise<Weight> {
  const context = await browser.newContext({ storageState });
  const page = await context.newPage();
  const finished: Request[] = [];
  page.on("requestfinished", (request) => finished.push(request));
  const response = await page.goto(path, { waitUntil: "networkidle" });
  expect(response?.status(), path).toBe(200);
  const sizes = await Promise.all(
    finished.map(async (request) => ({
      type: request.resourceType(),
      bytes: (await request.sizes()).responseBodySize,
    })),
  );
  const html = (await (response as Response).body()).length;
  await context.close();
  const sum = (kind: string) =>
    sizes.filter(({ type }) => type === kind).reduce((total, { bytes }) => total + bytes, 0) / 1000;
  return { scripts: sum("script"), page: sum("document"), html: html / 1000 };
}

test.use({ trace: "off" });

test("no page makes a browser wait for its scripts", async ({ page, browser }) => {
  test.setTimeout(600_000);
  const sample = await samples();
  await giveUser({ email: admin, name: "Poids Plume", role: "administrator" });
  await sql`insert into contacts (kind, first_name, last_name) select 'former_src', 'Camille', 'Poids ' || n from generate_series(1, 60) n`;
  await enter(page, admin);
  const session = await page.context().storageState();

  const pages = ["(public)", "(staff)"].flatMap((group) =>
    readdirSync(`app/${group}`, { recursive: true, encoding: "utf8" })
      .filter((file) => /(^|\/)page\.tsx$/.test(file))
      .map((file) => ({ group, route: `/${file.replace(/\/?page\.tsx$/, "")}` })),
  );
  const waiting = pages.sort((a, b) => a.route.localeCompare(b.route));
  // Most of the time of a page passes in waiting for what it might still fetch.
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { group, route } = next;
      const weight = await weigh(browser, group === "(staff)" ? session : undefined, sample[route] ?? route);
      const limit = group === "(public)" || light.test(route) ? most.light : most.any;
      const figures = [weight.scripts, limit, weight.page, weight.html].map((n) => n.toFixed(1).padStart(7));
      console.log(figures.join(" "), route);
      expect.soft(weight.scripts, `${route}: kB of scripts`).toBeLessThanOrEqual(limit);
      expect.soft(weight.scripts, `${route}: scripts were weighed`).toBeGreaterThan(50);
      expect.soft(weight.page, `${route}: kB of page`).toBeLessThanOrEqual(most.page);
      if (route === "/contacts")
        expect.soft(weight.html, "kB of HTML for fifty people").toBeLessThanOrEqual(mostPeople);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
});
