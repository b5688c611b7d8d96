import { expect, type Page, test } from "@playwright/test";
import { barriers } from "./barriers.ts";
import { samples } from "./samples.ts";
import { enter, giveUser } from "./session.ts";

const admin = `dialogs.${Date.now().toString(36)}@src.example`;
const looks = [
  { width: 1440, height: 900, colorScheme: "light", axe: true },
  { width: 390, height: 844, colorScheme: "dark", axe: true },
  // A screen of 1280 px enlarged four times: the same colours and names again, only less room.
  { width: 320, height: 256, colorScheme: "light", axe: false },
] as const;

let sample: Record<string, string>;

/** Pages that ask before they act; a contact's and a relay's hold most of the kinds. */
const pages = () =>
  [
    "/users",
    "/sandbox",
    sample["/contacts/[id]"],
    sample["/organisations/[id]"],
    sample["/relays/[id]"],
    sample["/sources/[id]"],
    sample["/segments/[id]"],
    sample["/received/[id]"],
    sample["/campaigns/[id]"],
    sample["/campaigns/[id]/unknown"],
    sample["/campaigns/[id]/compose"],
    "/relays/dkim",
  ].flatMap((path) => path ?? []);

test.beforeAll(async () => {
  await giveUser({ email: admin, name: "Dialogue Martin", role: "administrator" });
  // Somebody whose account can be closed.
  await giveUser({ email: `ferme.${admin}`, name: "Fermée Martin", role: "teacher" });
  sample = await samples(admin);
});

test("every dialog can be read and used by everybody", async ({ page }) => {
  test.setTimeout(480_000);
  await enter(page, admin);
  const seen = new Set<string>();
  let nested = 0;
  for (const path of pages()) {
    await page.goto(path, { waitUntil: "networkidle" });
    for (const { colorScheme, axe, ...size } of looks) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const openers = page.locator("main button[commandfor]:visible[aria-haspopup=dialog]");
      for (let at = 0; at < (await openers.count()); at++) {
        const opener = openers.nth(at);
        const what = (await opener.getAttribute("aria-label")) ?? (await opener.textContent());
        const name = `${path}, ${size.width} px: ${what}`;
        if (seen.has(name) || (await opener.isDisabled())) continue;
        seen.add(name);
        await opener.click();
        const dialog = page.locator("dialog[open]");
        await expect(dialog, name).toBeVisible();
        await whole(page, name, axe);
        nested += await within(page, name, axe);
        await page.keyboard.press("Escape");
        await expect(dialog, name).toHaveCount(0);
        await expect(opener, `${name}: the focus comes back`).toBeFocused();
      }
    }
  }
  expect(seen.size).toBeGreaterThan(45);
  expect(nested, "closing an account asks from within its dialog").toBeGreaterThan(0);
});

/** The dialogs that the open one opens, over it: how many there were. */
async function within(page: Page, name: string, axe: boolean): Promise<number> {
  const openers = page.locator("dialog[open] button[commandfor]:visible[aria-haspopup=dialog]");
  const count = await openers.count();
  for (let at = 0; at < count; at++) {
    const opener = openers.nth(at);
    if (await opener.isDisabled()) continue;
    const inner = `${name} › ${await opener.textContent()}`;
    await opener.click();
    await expect(page.locator("dialog[open]"), inner).toHaveCount(2);
    await whole(page, inner, axe);
    await page.keyboard.press("Escape");
    await expect(page.locator("dialog[open]"), inner).toHaveCount(1);
    await expect(opener, `${inner}: the focus comes back`).toBeFocused();
  }
  return count;
}

/** Passes axe, nothing cut at its right, and the focus neither on the way out nor on what hurts. */
async function whole(page: Page, name: string, axe: boolean) {
  if (axe) expect.soft(await barriers(page, "dialog[open]"), name).toEqual([]);
  const found = await page
    .locator("dialog[open]")
    .last()
    .evaluate((dialog) => {
      const focused = document.activeElement;
      const others = dialog.querySelectorAll("input:not([type=hidden]), select, textarea, form button");
      return {
        wide: dialog.scrollWidth - dialog.clientWidth,
        closes: others.length > 0 && focused?.getAttribute("aria-label") === "Fermer",
        acts: focused?.getAttribute("type") === "submit",
        // A cell of figures that holds its button lends it nothing.
        aligned: getComputedStyle(dialog).textAlign,
        size: getComputedStyle(dialog).fontSize,
      };
    });
  expect.soft(found, name).toEqual({ wide: 0, closes: false, acts: false, aligned: "start", size: "16px" });
}
