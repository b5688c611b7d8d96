/** What no column holds, asked of every route: it does not exist, is bad, or is cleaned; the application never fails. */
import { readdirSync, readFileSync } from "node:fs";
import { type APIRequestContext, expect, test } from "@playwright/test";
import { samples } from "./samples.ts";
import { enter, giveUser } from "./session.ts";

const admin = `hostile.${Date.now().toString(36)}@src.example`;

const keys = (list: unknown[]) => Buffer.from(JSON.stringify(list)).toString("base64url");
/** For any place of an address. */
const values = [
  "%00",
  "a%00b",
  "99999999999",
  "2147483648",
  "-1",
  "0",
  "1e400",
  "NaN",
  "0000-01-01",
  "%EF%BF%BD%ED%A0%80",
  "%25%5C_'%22%3B--",
  encodeURIComponent("％％％"),
  "x".repeat(3_000),
];

/** Of a list, where a page of it begins: a text like another in any other place. */
const cursors = [
  keys(["x", "y"]),
  keys(["x", 1]),
  keys([1, "x"]),
  keys(["\u0000", 1]),
  keys(["2026-01-01T00:00:00.000Z", 99_999_999_999]),
  keys(["2026-01-01T00:00:00.000Z", "activity", 99_999_999_999]),
  keys(["0000-00-00", "x", "y"]),
  keys([8.64e15, 1]),
  keys([99_999_999_999, "x", 1]),
  Buffer.from("[").toString("base64url"),
];

const files = readdirSync("app", { recursive: true, encoding: "utf8" }).filter(
  (file) => /(^|\/)(page\.tsx|route\.ts)$/.test(file) && !file.startsWith("%5Fui"),
);

/** As Next names it: `/contacts/[id]`. */
const address = (file: string) =>
  `/${file.replace(/\/?(page\.tsx|route\.ts)$/, "").replace(/\(\w+\)\/?/g, "")}`;

/** Every way in that answers GET, but next-auth's own. */
const routes = files
  .filter((file) => file.endsWith("page.tsx") || /export (?:const|async function) GET\b/.test(source(file)))
  .map(address)
  .sort();

function source(file: string): string {
  return readFileSync(`app/${file}`, "utf8");
}

/** Every name that an address of the application may carry after its question mark. */
const names = [
  ...[
    "q",
    "kind",
    "year",
    "state",
    "clics",
    "l",
    "sort",
    "show",
    "view",
    "vue",
    "folder",
    "outcome",
    "sample",
    "fait",
    "as",
    "v",
  ],
  ...[
    "by",
    "subject",
    "from",
    "to",
    "problem",
    "callbackUrl",
    "error",
    "code",
    "done",
    "match",
    "asked",
    "owner",
    "month",
    "stored",
    "field",
    "lettre",
    "older",
    "reason",
    "writes",
    "interest",
    "layout",
    "format",
  ],
  ...[
    "match",
    "kinds",
    "yearFrom",
    "yearTo",
    "city",
    "postcode",
    "sector",
    "sources",
    "topics",
    "createdAfter",
  ].map((name) => `0.${name}`),
];

/** The names read in app/ or in the schemas of addresses: one that is not tried fails the test. */
function namesRead(): string[] {
  return files.flatMap((file) =>
    [
      ...source(file).matchAll(
        /(?<!["#/])\bsearch\.(\w+)\b(?!["(])|searchParams\)\.(\w+)|searchParams\.get\("(\w+)"\)/g,
      ),
    ].map(([, a, b, c]) => a ?? b ?? c ?? ""),
  );
}

/** The routes that read what follows the question mark. */
const reading = new Set(files.filter((file) => /searchParams/.test(source(file))).map(address));

let sample: Record<string, string>;

test.beforeAll(async () => {
  await giveUser({ email: admin, name: "Axe Martin", role: "administrator" });
  sample = await samples(admin);
});

/** Status and address of each answer that is a failure. */
async function failures(request: APIRequestContext, addresses: string[], good: (status: number) => boolean) {
  const found: string[] = [];
  const waiting = [...addresses];
  const ask = async () => {
    for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
      const response = await request.get(address, { maxRedirects: 0 });
      const status = response.status();
      // A page that fails after its first byte says so in a template of React's.
      const broken = /data-dgst="\d/.test(await response.text());
      if (!good(status) || broken) found.push(`${status}${broken ? " broken" : ""} ${address.slice(0, 150)}`);
    }
  };
  await Promise.all(Array.from({ length: 6 }, ask));
  return found.sort();
}

test("no parameter and no search makes any route fail", async ({ page }) => {
  test.setTimeout(900_000);
  await enter(page, admin);
  expect(routes.length).toBeGreaterThan(50);

  const known = new Set(names.flatMap((name) => [name, name.replace(/^0\./, "")]).concat("after", "before"));
  expect(namesRead().filter((name) => !known.has(name))).toEqual([]);

  const inPath = routes
    .filter((route) => route.includes("["))
    .flatMap((route) => {
      const parts = route.match(/\[+[^\]]*\]+/g) ?? [];
      // Each parameter in turn, the others by their sample; and all of them.
      const turns = parts.map((part) => (value: string) => named(route.replace(part, () => value)));
      const all = (value: string) => route.replace(/\[+[^\]]*\]+/g, () => value);
      return [...turns, all].flatMap((put) => values.map((value) => put(value)));
    });
  const answers = (status: number) => status < 500;
  expect(await failures(page.request, [...new Set(inPath)], answers)).toEqual([]);

  const asked = routes
    .filter((route) => reading.has(route))
    .map((route) => sample[route] ?? route.replace(/\[+[^\]]*\]+/g, "1"))
    .flatMap((address, r) => [
      ...values.map(
        (value) =>
          `${address}?${names
            .map((name) => `${name}=${value}`)
            .join("&")
            .slice(0, 12_000)}`,
      ),
      // Each after or before, on every second list the other way.
      ...[...values, ...cursors].map((value, i) =>
        (r + i) % 2
          ? `${address}?before=${value}`
          : `${address}?after=${value}&sort=${["name", "newest", "year"][i % 3]}${i % 4 ? "&outcome=sent" : ""}`,
      ),
    ]);
  expect(await failures(page.request, asked, answers)).toEqual([]);
});

/** The parameters that are left, by one that exists. */
function named(route: string): string {
  const like = Object.keys(sample).find(
    (one) => one.split("/").length === route.split("/").length && same(one, route),
  );
  const from = like ? (sample[like] ?? "").split("/") : [];
  return route
    .split("/")
    .map((part, i) => (part.startsWith("[") ? (from[i] ?? "1") : part))
    .join("/");
}

/** Whether the words of two routes agree where both have one. */
function same(one: string, other: string): boolean {
  const others = other.split("/");
  return one.split("/").every((part, i) => part.startsWith("[") || part === others[i]);
}

test("what is no row's is not found, what is no day is bad", async ({ page }) => {
  await enter(page, admin);
  const status = async (address: string) => (await page.request.get(address)).status();
  for (const noun of [
    "contacts",
    "organisations",
    "campaigns",
    "segments",
    "sources",
    "sources/runs",
    "relays",
    "received",
    "sandbox",
  ])
    for (const id of ["99999999999", "2147483648", "0", "-1", "1.5", "x", "%00", "%E2%80%8B1"])
      expect(await status(`/${noun}/${id}`), `/${noun}/${id}`).toBe(404);
  expect(await status("/api/images/%00.png")).toBe(404);
  // Nobody’s pictures are scaled on demand.
  expect(await status("/_next/image?url=%2Fapi%2Fbranding%2Flogo&w=640&q=75")).toBe(404);
  expect(await status("/segments/count?0.createdAfter=0000-01-01")).toBe(422);
  expect(await status("/segments/count?0.createdAfter=2026-02-31")).toBe(422);
  for (const list of [
    "/contacts?after=WyJ4IiwieSJd",
    "/contacts?q=a%00b",
    "/received?q=%00",
    "/campaigns?before=x",
  ])
    expect(await status(list), list).toBe(200);
  expect(await (await page.request.get("/api/search?q=%EF%BC%85%EF%BC%85%EF%BC%85")).json()).toEqual({
    contacts: [],
    organisations: [],
    campaigns: [],
  });
  const upload = await page.request.post("/sources/99999999999/upload", {
    multipart: { file: { name: "a.xml", mimeType: "text/xml", buffer: Buffer.from("<contacts/>") } },
    maxRedirects: 0,
  });
  expect(upload.status()).toBe(303);
});
