/**
 * How long a letter written by hand takes from the click to the relay’s 250 while a campaign is leaving by the same
 * relay: its draft sent through the application, the half minute in which it may be undone set aside. Against
 * `smtp-sink` (Postfix’s). `floor` is the same letter handed over by `smtp-source` in the same run.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { saveLetter, startDraft } from "#lib/letters/drafts/mutations";
import { sendDraft } from "#lib/letters/drafts/send";
import { db } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { assertDurable, openCluster } from "./stand/cluster.ts";
import { queueCampaign, send } from "./stand/engine.ts";
import { readOptions } from "./stand/options.ts";
import { round } from "./stand/processes.ts";
import { openSink } from "./stand/sink.ts";

const { number, print } = readOptions({
  n: { default: "20000", help: "messages of the campaign" },
  letters: { default: "60", help: "letters written meanwhile" },
  connections: { default: "20", help: "SMTP connections of the worker" },
  every: { default: "150", help: "milliseconds between two letters" },
});

const cluster = await openCluster();
const sink = await openSink();
try {
  const html = `<p>Bonjour {{ contact.firstName }}</p>${"<p>L’été approche.</p>".repeat(400)}`;
  const { campaign, relay, identity } = await queueCampaign(cluster, number("n"), {
    port: sink.port,
    connections: number("connections"),
    html,
  });
  const user = await db.user.create({ data: { email: "bench@iut.example", name: "Bench", role: "teacher" } });
  let writing: Promise<number[]> = Promise.resolve([]);
  const begun = async () => {
    while (
      !(await db.campaignTotal.aggregate({ where: { campaignId: campaign }, _sum: { sent: true } }))._sum.sent
    )
      await sleep(20);
    return writeLetters(user.id, identity);
  };
  writing = begun();
  const run = await send(cluster, campaign, number("n"), 1);
  const waits = (await writing).toSorted((a, b) => a - b);
  const message = Buffer.from(`Subject: Stage\r\n\r\n${html}\r\n`);
  const at = (share: number) =>
    round(waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0);
  print({
    campaign: number("n"),
    campaignPerSecond: round(run.messagesPerSecond),
    letters: waits.length,
    medianSeconds: at(0.5),
    p95Seconds: at(0.95),
    slowestSeconds: at(1),
    floorSeconds: round(sink.handOver(message, 100, 1) / 100),
    relay,
    ...(await assertDurable(cluster)),
  });
} finally {
  sink.close();
  await db.$disconnect();
  await cluster.close();
}

/** Sends them one after the other while the campaign leaves; seconds from the click to what the journal says of each. */
async function writeLetters(by: number, identityId: number): Promise<number[]> {
  const waits: Promise<number>[] = [];
  for (let i = 0; i < number("letters"); i++) {
    const address = `hand${i}@y.example`;
    const person = await db.contact.create({
      data: {
        kind: "professional",
        lastName: `Lettre ${i}`,
        addresses: { create: { address, addressHash: hashAddress(address), isPrimary: true } },
      },
    });
    const draft = await startDraft([person.id], by);
    const id = draft.ok ? draft.id : 0;
    const saved = await saveLetter(
      { id, version: 0, identityId, subject: `Stage ${i}`, html: "<p>Bonjour</p>" },
      by,
    );
    const click = Date.now();
    const sent = await sendDraft(
      { id, version: saved.ok ? saved.version : 0, at: "", more: "no", remind: 0 },
      by,
    );
    if (!sent.ok) throw new Error(sent.reason);
    const [row] = await db.delivery.updateManyAndReturn({
      where: { contactId: person.id },
      data: { dueAt: new Date() },
      select: { id: true },
    });
    waits.push(arrival(row?.id ?? 0, click));
    await sleep(number("every"));
  }
  return Promise.all(waits);
}

async function arrival(delivery: number, click: number): Promise<number> {
  for (;;) {
    const { settledAt, status } = await db.delivery.findUniqueOrThrow({ where: { id: delivery } });
    if (settledAt && status !== "sent") throw new Error(`a letter is ${status}`);
    if (settledAt) return (settledAt.getTime() - click) / 1_000;
    await sleep(25);
  }
}
