/**
 * Takes the pictures of the help, in both languages, from a demonstration that runs (`npm run demo`):
 *
 *   node e2e/help-pictures.ts http://localhost:3000 secretariat@src.example PASSWORD
 *
 * Writes `public/help/<language>/<page>-<section>.webp`. To be taken again when these screens change.
 */
import { mkdirSync } from "node:fs";
import { chromium, type Locator, type Page } from "@playwright/test";
import sharp from "sharp";
import { createTranslator } from "use-intl/core";
import { catalogs } from "#lib/machine/messages/catalog";
import { findBrowser } from "#testing/browser";

const [base = "", email = "", password = ""] = process.argv.slice(2);
const width = 1060;
const tallest = 640;

const samples = {
  fr: {
    subject: "Votre venue au forum de décembre",
    text: "Bonjour,\nNous serions heureux de vous accueillir au forum du 11 décembre. Le programme est joint.\nBien à vous,",
    file: "Programme du forum.pdf",
  },
  en: {
    subject: "Your visit to the December forum",
    text: "Hello,\nWe would be glad to welcome you at the forum on 11 December. The programme is attached.\nKind regards,",
    file: "Forum programme.pdf",
  },
};

const saved = { fr: /^Enregistré à/, en: /^Saved at/ };

const browser = await chromium.launch({
  executablePath: findBrowser(),
  // Chromium has no sandbox for root.
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const page = await browser.newPage({
  baseURL: base,
  viewport: { width, height: 900 },
  deviceScaleFactor: 1.5,
  timezoneId: "Europe/Paris",
  colorScheme: "light",
  reducedMotion: "reduce",
});
await page.goto("/");
await page.locator('input[type="email"]').fill(email);
await page.locator('input[type="password"]').fill(password);
await page.locator('button[type="submit"]').first().click();
await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
for (const locale of ["en", "fr"] as const) {
  await speak(locale);
  await takeAll(locale);
}
await browser.close();

async function speak(locale: "fr" | "en") {
  await page.goto("/account");
  const choice = page.locator('select[name="locale"]');
  await choice.selectOption(locale);
  await page.locator("form", { has: choice }).locator('button[type="submit"]').click();
  await page.locator(`html[lang="${locale}"]`).waitFor({ state: "attached" });
}

async function takeAll(locale: "fr" | "en") {
  const t = createTranslator({ locale, messages: catalogs[locale], namespace: "letters" });
  const words = samples[locale];
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const take = (name: string, what: Locator) => picture(page, what, `public/help/${locale}/${name}.webp`);

  await page.goto("/inbox");
  await take("inbox-s2", page.locator("main"));
  await page.locator("main a[href^='/inbox/']").first().click();
  await button(t("assignTo")).waitFor();
  await take("inbox-s3", page.locator("main"));

  await page.goto("/contacts");
  await page.locator("main a[href^='/contacts/']").nth(3).click();
  await button(t("write")).first().click();
  await page.waitForURL(/\/letters\/\d+$/);
  await page.locator('input[name="subject"]').fill(words.subject);
  await page.locator('[contenteditable="true"]').click();
  await page.keyboard.type(words.text);
  await page.locator('input[type="file"]').setInputFiles({
    name: words.file,
    mimeType: "application/pdf",
    buffer: Buffer.from("%PDF-1.4\n%%EOF\n".padEnd(180_000)),
  });
  await page.getByRole("button", { name: t("compose.unjoin", { name: words.file }) }).waitFor();
  await page.getByText(saved[locale]).first().waitFor();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await take("letters-s3", page.locator("form", { has: page.locator('input[name="subject"]') }));
  await take(
    "letters-s6",
    page.locator("section", { has: page.getByRole("heading", { name: t("compose.files") }) }),
  );
  await button(t("compose.send")).click();
  await button(t("undo")).first().waitFor();
  await take("letters-s4", page.locator("main"));
  await button(t("undo")).first().click();
  await page.waitForURL(/\/letters\/\d+$/);
  await button(t("compose.discard")).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: t("compose.discard") })
    .click();
  await page.waitForURL(/\/inbox/);
}

/** Its top, with a little air around it. */
async function picture(from: Page, what: Locator, path: string) {
  await from.evaluate(() => scrollTo(0, 0));
  await from.addStyleTag({ content: ".pointer-events-none.fixed { display: none }" });
  await from.waitForLoadState("networkidle");
  const box = await what.boundingBox();
  if (!box) throw new Error(`nothing to see for ${path}`);
  const air = (await what.evaluate((element) => element.tagName)) === "MAIN" ? 0 : 12;
  const png = await from.screenshot({
    fullPage: true,
    clip: {
      x: Math.max(0, box.x - air),
      y: Math.max(0, box.y - air),
      width: Math.min(width, box.width + 2 * air),
      height: Math.min(tallest, box.height + 2 * air),
    },
  });
  mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await sharp(png).webp({ quality: 82 }).toFile(path);
}
