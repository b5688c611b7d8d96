/**
 * The board of a tax campaign in a browser: n companies, most of them to solicit. First frame, frames while one scrolls a
 * column and the board, what a move by keyboard costs the browser, and what the totals cost PostgreSQL. Needs Chromium
 * and the application built as it stands (`npm run build`); it listens on PORT.
 */
import { spawn } from "node:child_process";
import { chromium, type Page } from "@playwright/test";
import { sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { hashPassword } from "#lib/office/users/password";
import { sumStates } from "#lib/tax/pledges/queries";
import { findBrowser } from "#testing/browser";
import { openCluster } from "./stand/cluster.ts";
import { readOptions } from "./stand/options.ts";
import { round } from "./stand/processes.ts";

const { number, print } = readOptions({ n: { default: "5000", help: "companies of the campaign" } });
const [n, port, year] = [number("n"), env.port, 2030];
const phrase = "une phrase bien longue";
const cluster = await openCluster();
// Inherits the database that the cluster set.
const web = spawn(process.execPath, ["bin/web.ts"], { stdio: ["ignore", "ignore", "inherit"] });
try {
  await fill();
  print({ n, ...(await measureSql()), ...(await inBrowser()) });
} finally {
  web.kill();
  await cluster.close();
}

/** Six in ten to solicit, the rest spread over the other states. */
async function fill() {
  await sql`
    insert into users (email, name, role, password_hash) values ('bench@src.example', 'Bench', 'teacher', ${await hashPassword(phrase)})`;
  await sql`insert into organisations (name, city) select 'Société numéro ' || n, 'Bordeaux' from generate_series(1, ${n}::int) n`;
  await sql`
    insert into pledges (campaign_year, organisation_id, state, share, expected_low_cents, expected_high_cents, state_since, next_step, next_on)
    select ${year}, id, case when id % 10 < 6 then 'to_solicit' else (array['solicited', 'pledged', 'allocated', 'lapsed'])[id % 4 + 1] end,
      4000, 110000 + id, 220000 + id, now() - id * interval '1 minute', 'Rappeler la comptable', date '2030-05-01' + id % 60
    from organisations`;
  await sql`analyze`;
}

async function measureSql() {
  const times: number[] = [];
  for (let i = 0; i < 30; i++) {
    const started = performance.now();
    await sumStates(year, { owner: "" });
    times.push(performance.now() - started);
  }
  return { totalsMs: at(times, 0.5), totalsP95Ms: at(times, 0.95) };
}

async function inBrowser() {
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ locale: "fr-FR", viewport: { width: 1440, height: 900 } });
    await answering();
    await page.goto(`http://localhost:${port}/connexion`);
    await page.getByLabel("Adresse e-mail").fill("bench@src.example");
    await page.getByLabel("Mot de passe").fill(phrase);
    await page.getByRole("button", { name: "Se connecter" }).click();
    await page.waitForURL((url) => url.pathname === "/");
    await page.goto(`http://localhost:${port}/pledges?year=${year}`, { waitUntil: "networkidle" });
    await page.reload({ waitUntil: "networkidle" });
    const frame = await page.evaluate(
      () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
    );
    const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
    const scrolls = await scroll(page);
    return { firstFrameMs: round(frame), nodes, ...scrolls, moveMs: await move(page) };
  } finally {
    await browser.close();
  }
}

/** Frames as one scrolls a column down, then the board to its end. */
async function scroll(page: Page) {
  const frames = await page.evaluate(async () => {
    const board = document.querySelector<HTMLElement>("[data-column]")?.parentElement;
    const list = document.querySelector<HTMLElement>("[data-column] ul");
    if (!board || !list) throw new Error("no board");
    const told: number[] = [];
    let last = await new Promise<number>(requestAnimationFrame);
    for (let i = 0; i < 180; i++) {
      if (i < 120) list.scrollTop += 40;
      else board.scrollLeft += 40;
      const now = await new Promise<number>(requestAnimationFrame);
      told.push(now - last);
      last = now;
    }
    return told;
  });
  return { scrollP95Ms: at(frames, 0.95), scrollMaxMs: at(frames, 1) };
}

/** From the key that drops a card to the frame that shows it in its column, a dozen times. */
async function move(page: Page) {
  const times: number[] = [];
  for (let i = 0; i < 12; i++) {
    await page.locator('[data-column="solicited"] [data-card] a').first().focus();
    await page.keyboard.press("m");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Vers").selectOption("to_solicit");
    await dialog.getByRole("button", { name: "Annuler" }).click();
    times.push(await page.evaluate(drag));
    await page.waitForLoadState("networkidle");
  }
  return at(times, 0.5);
}

/** A drop as the browser tells it, then two frames: what React drew is on the screen. */
async function drag(): Promise<number> {
  const card = document.querySelector('[data-column="solicited"] [data-card]');
  const target = document.querySelector('[data-column="to_solicit"]');
  if (!card || !target) throw new Error("no card");
  const dataTransfer = new DataTransfer();
  card.dispatchEvent(new DragEvent("dragstart", { bubbles: true, dataTransfer }));
  const started = performance.now();
  target.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
  const id = card.getAttribute("data-card");
  while (!target.querySelector(`[data-card="${id}"]`)) await new Promise(requestAnimationFrame);
  return performance.now() - started;
}

async function answering() {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/health`).catch(() => null);
    if (answer) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the application does not answer");
}

function at(times: number[], part: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
}
