/**
 * Rounds of faults with real processes: `npm run torture -- --rounds 10 --seed 1 [--recipients 5000] [--only FAULT]
 * [--json]`. Round n uses seed S + n − 1, so a failed one is replayed alone by its own seed. Ends with 0 only when all
 * passed; evidence of what did not stays in `.data/reports/torture`.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { env } from "#lib/machine/env";
import { makeCertificates } from "./certificates.ts";
import { makeCluster } from "./cluster.ts";
import { faults } from "./faults.ts";
import { isLife, type LifeVerdict, lives, livesOf, playLife } from "./lives.ts";
import { type Plan, planRound } from "./plan.ts";
import { playRound, type Verdict } from "./round.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    recipients: { type: "string", default: "5000" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const only = values.only ?? null;
const names = [...faults.map(({ name }) => name), ...lives];
if (only !== null && !names.includes(only)) {
  console.error(`No such fault. Faults: ${names.join("; ")}`);
  process.exit(2);
}

type Played = { plan: Plan; verdict: Verdict };

const reports = join(env.dataDir, "reports/torture");
mkdirSync(reports, { recursive: true });
const cluster = await makeCluster();
const played: Played[] = [];
const told: LifeVerdict[] = [];
const tls = makeCertificates(reports);
try {
  for (let i = 0; i < Number(values.rounds); i++) {
    const seed = Number(values.seed) + i;
    for (const life of livesOf(seed, only)) tell(await playLife(life, seed, cluster, reports));
    if (only !== null && isLife(only)) continue;
    const plan = planRound(seed, Number(values.recipients), only);
    const verdict = await playRound(plan, cluster, tls, reports);
    played.push({ plan, verdict });
    if (verdict.wrong.length === 0) rmSync(verdict.evidence, { recursive: true, force: true });
    else writeFileSync(join(verdict.evidence, "wrong.txt"), `${verdict.wrong.join("\n")}\n`);
    console.log(values.json ? JSON.stringify(report(plan, verdict)) : line(plan, verdict));
  }
} finally {
  if (tls) rmSync(tls.file);
  await cluster.remove();
}
const passed = played.filter(({ verdict }) => verdict.wrong.length === 0).length;
const notDone = played.flatMap(({ plan, verdict }) =>
  verdict.notDone.map((what) => `seed ${plan.seed}: ${what}`),
);
console.log(values.json ? JSON.stringify(sum()) : summary());
process.exitCode = passed === played.length && told.every(({ wrong }) => wrong.length === 0) ? 0 : 1;

function tell(verdict: LifeVerdict) {
  told.push(verdict);
  const { seed, life, recipients, taken, seconds, wrong, notDone } = verdict;
  if (values.json) return console.log(JSON.stringify(verdict));
  const words = [`seed ${seed}`, life, `${recipients} recipients, ${taken} taken`, `${seconds} s`];
  const end = notDone ? `NOT DONE: ${notDone}` : wrong.length > 0 ? "WRONG" : "ok";
  console.log([[...words, end].join(" | "), ...wrong.map((what) => `    ${what}`)].join("\n"));
}

function report({ seed, workers, schedule, setup }: Plan, verdict: Verdict) {
  const { figures, byHand, notDone: missing, wrong, taken } = verdict;
  const recipients = setup.recipients + setup.others;
  const names = schedule.map(({ fault }) => fault.name);
  const seconds = Math.round(verdict.seconds * 10) / 10;
  return {
    seed,
    workers,
    faults: names,
    recipients,
    ...figures,
    taken,
    byHand,
    seconds,
    notDone: missing,
    wrong,
  };
}

function line(plan: Plan, verdict: Verdict): string {
  const one = report(plan, verdict);
  const words = [
    `seed ${one.seed}`,
    `${one.workers} workers`,
    one.faults.join(" + "),
    `${one.recipients} recipients: ${one.sent ?? 0} sent, ${one.failed ?? 0} failed, ${one.skipped ?? 0} skipped`,
    `${one.byHand} by hand`,
    `${one.seconds} s`,
    ...one.notDone.map((what) => `NOT DONE: ${what}`),
  ];
  if (one.wrong.length === 0) return [...words, "ok"].join(" | ");
  return [
    [...words, "WRONG"].join(" | "),
    ...one.wrong.map((what) => `    ${what}`),
    `    ${replay(plan)}`,
  ].join("\n");
}

function replay({ seed }: Plan): string {
  const fault = only === null ? "" : ` --only ${JSON.stringify(only)}`;
  return `npm run torture -- --seed ${seed} --rounds 1 --recipients ${values.recipients}${fault}`;
}

function sum() {
  const total = (pick: (one: Verdict) => number) => played.reduce((n, { verdict }) => n + pick(verdict), 0);
  return {
    rounds: played.length,
    passed,
    failed: played.filter(({ verdict }) => verdict.wrong.length > 0).map(({ plan }) => plan.seed),
    messages: total((one) => one.taken),
    byHand: total((one) => one.byHand),
    seconds: Math.round(total((one) => one.seconds)),
    notDone,
  };
}

function summary(): string {
  const { rounds, messages, byHand, seconds, failed } = sum();
  failed.push(...told.filter(({ wrong }) => wrong.length > 0).map(({ seed }) => seed));
  const verdict = failed.length === 0 ? "all passed" : `FAILED: seeds ${failed.join(", ")}`;
  const missing = notDone.length > 0 ? `; not done here: ${notDone.join("; ")}` : "";
  return `${passed} of ${rounds} rounds passed, ${messages} messages, ${byHand} settled by hand, ${seconds} s: ${verdict}${missing}`;
}
