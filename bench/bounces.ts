/**
 * How fast returned mails are judged, and how the worst one fares: mails a second over the corpus, warm, in one process,
 * as a ratio to SHA-256 of the same bytes in the same run; then `mutations` damaged mails (bytes changed, cut, repeated),
 * none of which may fail or take 50 ms of the processor; and what the heap holds before and after.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { judgeMail } from "#lib/returns/bounces/judge";
import { readOptions } from "./stand/options.ts";
import { round } from "./stand/processes.ts";

const { number, print } = readOptions({
  n: { default: "20000", help: "mails judged" },
  mutations: { default: "20000", help: "damaged mails judged" },
});
const [n, mutations] = [number("n"), number("mutations")];
const folder = join(import.meta.dirname, "../testing/corpus/sisimai");
const mails = readdirSync(folder).map((file) => readFileSync(join(folder, file)));
const at = (index: number) => mails[index % mails.length] ?? Buffer.alloc(0);

/** The same damage in every run. */
let seed = 1;
const draw = (below: number) => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed % Math.max(1, below);
};

function damaged(mail: Buffer): Buffer {
  const copy = Buffer.from(mail);
  for (let change = 0; change < 8; change++) copy[draw(copy.length)] = draw(256);
  const [from, length] = [draw(copy.length), draw(2_000)];
  const piece = copy.subarray(from, from + length);
  return draw(2)
    ? Buffer.concat([copy.subarray(0, from), copy.subarray(from + length)])
    : Buffer.concat([copy, piece, piece]);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}

const judgeAll = async (count: number) => {
  for (let index = 0; index < count; index++) await judgeMail(at(index));
};
await judgeAll(mails.length * 3);
const heldBefore = process.memoryUsage().heapUsed;
const seconds = await timed(() => judgeAll(n));
const reference = await timed(async () => {
  for (let index = 0; index < n; index++) createHash("sha256").update(at(index)).digest();
});
let worst = 0;
for (let index = 0; index < mutations; index++) {
  const mail = damaged(at(draw(mails.length)));
  let took = await timed(async () => void (await judgeMail(mail)));
  // A collection of the heap is not the mail's: what was slow is tried again before it is believed.
  if (took > 0.02) took = await timed(async () => void (await judgeMail(mail)));
  worst = Math.max(worst, took);
}
print({
  n,
  mailsPerSecond: round(n / seconds),
  ratio: round(seconds / reference),
  mutations,
  worstMilliseconds: round(worst * 1_000),
  heapGrowthMB: round((process.memoryUsage().heapUsed - heldBefore) / 1_048_576),
});
if (worst > 0.05) process.exitCode = 1;
