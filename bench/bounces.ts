/**
 * How fast returned mails are judged, and how the worst one fares: mails a second over the corpora, warm, in one process,
 * as a ratio to SHA-256 of the same bytes, taken in turns in the same run; then `mutations` damaged mails (bytes changed,
 * pieces cut, repeated, put into another mail), none of which may fail or take 50 ms of the processor; and what the heap
 * holds before and after, collected. `--mutations 1000000` takes four minutes of one core.
 */
import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { judgeMail } from "#lib/returns/bounces/judge";
import { cases, draws, mutated } from "#testing/mutated-mails";
import { readOptions } from "./stand/options.ts";
import { round } from "./stand/processes.ts";

const { number, print } = readOptions({
  n: { default: "20000", help: "mails judged" },
  mutations: { default: "20000", help: "damaged mails judged" },
  seed: { default: "1", help: "of the damage" },
});
const [n, mutations] = [number("n"), number("mutations")];
const mails = cases();
const at = (index: number) => mails[index % mails.length] ?? Buffer.alloc(0);

/** Above: what a healthy run shows on a busy machine is 30 at most. */
const HIGHEST_RATIO = 40;
const LONGEST_SECONDS = 0.05;
const MOST_GROWTH_MB = 10;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const heapMB = () => {
  collect();
  return process.memoryUsage().heapUsed / 1_048_576;
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}

const judge = async (count: number) => {
  for (let index = 0; index < count; index++) await judgeMail(at(index));
};
const reference = async (count: number) => {
  for (let index = 0; index < count; index++) createHash("sha256").update(at(index)).digest();
};

await judge(mails.length * 3);
const heldBefore = heapMB();
const rounds = Array.from({ length: 5 });
let [seconds, floor] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
for (const _ of rounds) {
  seconds = Math.min(seconds, await timed(() => judge(n / rounds.length)));
  floor = Math.min(floor, await timed(() => reference(n / rounds.length)));
}

const draw = draws(number("seed"));
let worst = 0;
for (let index = 0; index < mutations; index++) {
  const mail = mutated(mails, draw);
  let took = await timed(() => judgeMail(mail));
  // A collection of the heap is not the mail's: what was slow is tried again before it is believed.
  if (took > LONGEST_SECONDS / 2) took = Math.min(took, await timed(() => judgeMail(mail)));
  worst = Math.max(worst, took);
}
const growth = heapMB() - heldBefore;
print({
  n,
  mailsPerSecond: round(n / rounds.length / seconds),
  ratio: round(seconds / floor),
  mutations,
  worstMilliseconds: round(worst * 1_000),
  heapGrowthMB: round(growth),
});
if (worst > LONGEST_SECONDS || seconds / floor > HIGHEST_RATIO || growth > MOST_GROWTH_MB)
  process.exitCode = 1;
