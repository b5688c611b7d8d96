/**
 * What an import costs. Memory: the peak of the importing process for
 * n contacts against n / 10, each in a process of its own. Time: against reading the same file with the XML parser alone.
 */
import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SaxesParser } from "saxes";
import { disconnect, sql, transaction } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { emptyReport, importContacts } from "#lib/sites/sources/import";
import { createTestDatabase } from "#testing/postgres";
import { bulkFile } from "#testing/sources";
import { readOptions } from "./stand/options.ts";

const { text, number, print } = readOptions({
  n: { default: "100000", help: "contacts" },
  measure: { default: "", help: "one measurement, in this process: import, again or floor" },
  file: { default: "", help: "the file it reads" },
});
const measure = text("measure");

type Measure = { seconds: number; peakMegabytes: number };

if (measure) {
  await measureHere(measure, text("file"));
} else {
  const database = await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), "bench-import-"));
  env.databaseUrl = database.url;
  try {
    await sql`insert into sources (key, name, default_kind, updated_at) values ('small', 'Small', 'staff', now()), ('feed', 'Feed', 'staff', now())`;
    print(await compare(folder, number("n")));
  } finally {
    rmSync(folder, { recursive: true });
    await disconnect();
    await database.drop();
  }
}

async function compare(folder: string, n: number) {
  const small = join(folder, "small.xml");
  const large = join(folder, "feed.xml");
  await pipeline(Readable.from(bulkFile(n, "feed")), createWriteStream(large));
  await pipeline(Readable.from(few(n / 10)), createWriteStream(small));
  const [floor, tenth, whole, again] = [
    run("floor", large),
    run("import", small),
    run("import", large),
    run("again", large),
  ];
  return {
    contacts: n,
    floorSeconds: floor.seconds,
    importSeconds: whole.seconds,
    timesTheFloor: round(whole.seconds / floor.seconds),
    unchangedSeconds: again.seconds,
    contactsPerSecond: Math.round(n / whole.seconds),
    peakMegabytesAtTenth: tenth.peakMegabytes,
    peakMegabytes: whole.peakMegabytes,
    memoryRatio: round(whole.peakMegabytes / tenth.peakMegabytes),
  };
}

/** Other people than those of the large file, so that both imports create. */
async function* few(count: number) {
  for await (const chunk of bulkFile(count, "small"))
    yield Buffer.from(chunk.toString().replaceAll("personne.", "autre."));
}

/** V8 lets its young heap grow with the time a process runs; kept small, what is compared is what we hold. */
function run(measure: string, file: string): Measure {
  const answer = execFileSync(
    process.execPath,
    ["--max-semi-space-size=8", import.meta.filename, "--measure", measure, "--file", file],
    { encoding: "utf8" },
  );
  return JSON.parse(answer) as Measure;
}

async function measureHere(measure: string, file: string) {
  const start = performance.now();
  if (measure === "floor") await parseAlone(file);
  else await importAlone(file);
  const seconds = round((performance.now() - start) / 1000);
  await disconnect();
  console.log(JSON.stringify({ seconds, peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024) }));
}

async function parseAlone(file: string) {
  const parser = new SaxesParser();
  // A handler, as the importer has: without one the parser builds less.
  parser.on("opentag", () => {});
  for await (const text of createReadStream(file, "utf8")) parser.write(text);
  parser.close();
}

async function importAlone(file: string) {
  const sourceKey = file.endsWith("small.xml") ? "small" : "feed";
  const [source] = await sql<{ id: number }>`select id from sources where key = ${sourceKey}`;
  const origin = { sourceId: source?.id ?? 0, sourceKey, defaultKind: "staff", runId: null, userId: null };
  await transaction((client) => importContacts(client, createReadStream(file), origin, emptyReport()));
}

function round(value: number) {
  return Math.round(value * 100) / 100;
}
