/** Thirteen mail servers out of their minds beside one that is well: real processes. */
import "#testing/database";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { disconnect, sql } from "#lib/machine/db";
import { startCountingServer } from "#testing/counting-server";
import { sendingCampaign } from "#testing/deliveries";
import { mailFolder, startDovecot } from "#testing/dovecot";
import { openHostile } from "#testing/hostile-mailboxes";
import { giveMailbox } from "#testing/mail-accounts";
import { until } from "#testing/until";

const MEGABYTE = 1024;
let worker: ChildProcess | undefined;
after(() => worker?.kill("SIGKILL"));
after(disconnect);

/** The most memory a process ever had, in kB (proc(5)). */
const peakOf = (pid: number) =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);

test("letters leave and other mailboxes are read beside thirteen hostile ones", {
  timeout: 120_000,
}, async (t) => {
  const server = await startCountingServer();
  const mailbox = await startDovecot();
  const servers = await openHostile();
  assert.equal(servers.length, 13);
  t.after(async () => {
    for (const one of servers) one.close();
    await mailbox.stop();
    await server.close();
  });
  const { campaign, relay } = await sendingCampaign({ port: server.port, recipients: 500 });
  await giveMailbox(relay, mailbox, mailFolder);
  await mailbox.append(Buffer.from("From: a@b.example\r\nSubject: Bonjour\r\n\r\nBonjour\r\n"));
  worker = spawn(process.execPath, ["lib/worker/main.ts"], {
    env: { ...process.env, LOG_LEVEL: "silent" },
    stdio: "inherit",
  });
  const pid = worker.pid ?? 0;
  await until(() => servers.every((one) => one.connections() > 0), "all are met", 30);
  await until(
    async () => (await sql`select from received_mails where relay_id = ${relay}`).length === 1,
    "the other is read",
    30,
  );
  await until(
    async () =>
      (await sql`select from deliveries where campaign_id = ${campaign} and status <> 'sent'`).length === 0,
    "all sent",
    60,
  );
  const [reader = 0] = childrenOf(pid);
  const failing = await sql<{ name: string; error: string }>`
    select r.name, m.error from mailboxes m join relays r on r.id = m.relay_id where m.error is not null order by 1`;
  // Those that go on talking are hung up on at once; a byte a second is waited for as long as a slow server is.
  const patient = [
    "a dripped greeting",
    "no greeting",
    "a folder opened bit by bit",
    "folders without an end",
    "four thousand million mails",
  ];
  for (const { name } of servers)
    if (!patient.includes(name))
      assert.ok(
        failing.some((one) => one.name === name),
        `${name} is named`,
      );
  for (const [name, id] of Object.entries({ worker: pid, reader })) {
    const peak = peakOf(id) / MEGABYTE;
    t.diagnostic(`${name}: ${Math.round(peak)} MB at most`);
    assert.ok(peak < 400, `${name}: ${peak} MB`);
  }
  worker.kill("SIGTERM");
  await once(worker, "exit");
  assert.throws(() => process.kill(reader, 0), "its reader ended with it");
});
