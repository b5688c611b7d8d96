import { expect, type Page, test } from "@playwright/test";
import { sql } from "../lib/machine/db.ts";
import { samples } from "./samples.ts";
import { enter, giveUser } from "./session.ts";

const mark = Date.now().toString(36);
const account = `phone.${mark}@src.example`;
let sample: Record<string, string>;

test.use({ viewport: { width: 390, height: 844 } });

test.beforeAll(async () => {
  await giveUser({ email: account, name: "Paule Portable", role: "administrator" });
  sample = await samples(account);
});

async function signIn(page: Page, path: string) {
  await enter(page, account, path);
}

test("a list on a phone has two lines a person", async ({ page }) => {
  await sql`
    with person as (
      insert into contacts (kind, first_name, last_name, graduation_year) values ('former_src', 'Ana', ${`Aa ${mark}`}, 2012) returning id
    ) insert into email_addresses (contact_id, address, address_hash, is_primary)
      select id, ${`ana.${mark}@sample.example`}, sha256(convert_to(${`ana ${mark}`}, 'UTF8')), true from person`;
  await signIn(page, "/contacts");
  const row = page.getByRole("row", { name: new RegExp(`Ana Aa ${mark}`) });
  await expect(row).toContainText("2012");
  await expect(row).toContainText("@sample.example");
  expect((await row.boundingBox())?.height).toBeLessThan(96);
});

test("nothing of a page is cut off at its right edge, nor comes out of its box, enlarged four times neither", async ({
  page,
}) => {
  await signIn(page, "/settings");
  const known = ["/contacts/[id]", "/campaigns/[id]/review"].map((route) => sample[route] ?? "");
  for (const width of [390, 320])
    for (const path of ["/settings", "/users", "/sandbox", ...known]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto(path);
      const cut = await page.locator("main *").evaluateAll((all) => {
        const edge = (one: Element | null) => one?.getBoundingClientRect().right ?? innerWidth;
        const held = (one: Element) => edge(one.closest("fieldset"));
        return all
          .filter((one) => !one.closest(".overflow-x-auto, .sr-only, svg, table") && !one.matches(".sr-only"))
          .filter((one) => one.getClientRects().length > 0)
          .filter((one) => edge(one) > Math.min(innerWidth, held(one)) + 1)
          .map((one) => one.outerHTML.slice(0, 80));
      });
      expect(cut, `${path} at ${width} px`).toEqual([]);
    }
});

test("who may do what is said role by role on a phone", async ({ page }) => {
  await signIn(page, "/help/roles");
  const cell = page.getByRole("cell").first();
  expect(await cell.evaluate((td) => getComputedStyle(td, "::before").content)).toBe('"Administrateur"');
});

test("the letter being written is previewed by a touch, and a finding leads back to its field", async ({
  page,
}) => {
  const path = sample["/campaigns/[id]/compose"] ?? "";
  await signIn(page, path);
  const frame = page.locator("iframe");
  await expect(frame).toBeHidden();
  await page.getByRole("button", { name: "Aperçu" }).click();
  await expect(frame).toBeInViewport();
  await page.evaluate(() => {
    location.hash = "words";
  });
  await expect(page.getByRole("textbox", { name: "Objet" })).toBeVisible();
});

test("taking a block away leaves the focus on the next one", async ({ page }) => {
  await signIn(page, sample["/campaigns/[id]/compose"] ?? "");
  const add = page.getByRole("group", { name: "Ajouter un bloc" }).getByRole("button", { name: "Citation" });
  const remove = page.getByRole("button", { name: "Supprimer ce bloc" });
  // On a slow machine the first click comes before its script, and the first block would be taken away before the second is there.
  const blocks = async () => {
    const n = await remove.count();
    if (n < 2) await add.click();
    return n;
  };
  await expect.poll(blocks).toBeGreaterThan(1);
  await remove.first().click();
  await expect(page.locator(":focus")).toHaveAttribute("aria-label", /Citation/);
});

test("taking an address away leaves the focus beside it", async ({ page }) => {
  const path = sample["/contacts/[id]"] ?? "";
  const contact = Number(path.split("/").pop());
  await sql`insert into email_addresses (contact_id, address, address_hash) values (${contact}, ${`b.${mark}@sample.example`}, sha256(${mark}::bytea))`;
  await signIn(page, path);
  await page
    .getByRole("listitem")
    .filter({ hasText: `b.${mark}@` })
    .getByRole("button", { name: /Retirer|Supprimer/ })
    .click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Retirer|Supprimer/ })
    .click();
  await expect(
    page
      .getByRole("listitem")
      .filter({ has: page.getByRole("button", { name: /Retirer|Supprimer/ }) })
      .filter({ hasText: `b.${mark}@` }),
  ).toHaveCount(0);
  await expect(page.locator(":focus")).not.toHaveJSProperty("tagName", "BODY");
  await expect(page.locator("main :focus")).toHaveCount(1);
});

test("enlarged four times, no bar stays over what one reads", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 256 });
  await signIn(page, "/contacts");
  await expect(page.getByRole("navigation", { name: "Raccourcis" })).toHaveCSS("position", "static");
  await expect(page.getByRole("banner")).toHaveCSS("position", "static");
});

test("in forced colours what is chosen still shows", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await signIn(page, sample["/campaigns/[id]/compose"] ?? "");
  const look = (pressed: boolean) =>
    page
      .getByRole("button", { name: pressed ? "Clair" : "Sombre", pressed })
      .evaluate((button) => getComputedStyle(button).backgroundColor);
  expect(await look(true)).not.toBe(await look(false));
  const mark = page.getByRole("link", { name: /^SRC/ }).first().locator("[aria-hidden]").first();
  await expect(mark, "the monogram keeps its box").toHaveCSS("border-top-width", "1px");
});
