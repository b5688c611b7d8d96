/** From a seed to a schedule: the same seed, the same faults at the same points. */
import { type Fault, faults, rows } from "./faults.ts";
import { rollingMinute } from "./people.ts";
import { type Random, seeded } from "./random.ts";
import type { Setup } from "./setup.ts";
import { surroundings } from "./surroundings.ts";

const RARELY = 25;

export type Plan = {
  seed: number;
  workers: number;
  setup: Setup;
  /** In order; `at` is the share of recipients the server has taken when it happens. */
  schedule: { fault: Fault; at: number }[];
};

export function planRound(seed: number, recipients: number, only: string | null): Plan {
  const random = seeded(seed);
  const chosen = only === null ? mix(seed, random) : faults.filter((fault) => fault.name === only);
  // A worker keeps twenty at most: with more, several are at work at once; with fewer, they take over from each other.
  const connections = random.pick([8, 16, 32, 48]);
  const setup: Setup = {
    recipients,
    others: 0,
    connections,
    thinking: connections / 3,
    security: "none",
    login: false,
    spare: random.next() < 0.35,
    drainSeconds: 180,
    perMinute: null,
    perHour: null,
    domain: null,
    pooler: false,
  };
  for (const fault of chosen) fault.prepare?.(setup, random);
  const schedule = chosen
    .map((fault) => ({ fault, at: fault.early ? 0 : 0.05 + random.next() * 0.6 }))
    .sort((a, b) => a.at - b.at);
  return { seed, workers: random.between(2, 4), setup, schedule };
}

/** One fault of each row, and once in ten rounds each of what surrounds an installation; one time in three a second blow to the machines. */
function mix(seed: number, random: Random): Fault[] {
  const chosen = rows.flatMap((row) => row[seed % row.length] ?? []);
  if (seed % RARELY === 0 && !chosen.some(({ name }) => name.startsWith("limit"))) chosen.push(rollingMinute);
  const surrounding = surroundings[seed % 10];
  if (surrounding) chosen.push(surrounding);
  const machines = rows[2] ?? [];
  if (random.next() < 0.35) chosen.push(random.pick(machines));
  return chosen;
}
