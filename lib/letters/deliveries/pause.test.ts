/** A click on pause or resume is obeyed by every worker within two seconds. */
import "#testing/database";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pauseCampaign, resumeCampaign } from "#lib/letters/campaigns/mutations";
import { pauseRelay, resumeRelay } from "#lib/letters/relays/mutations";
import type { Result } from "#lib/machine/result";
import { type CountingServer, startCountingServer } from "#testing/counting-server";
import { givePublicAddress, sendingCampaign } from "#testing/deliveries";
import { untilStill } from "#testing/until";

const WITHIN = 2_000;
const workers: ChildProcess[] = [];
let server: CountingServer;
after(async () => {
  for (const worker of workers) worker.kill("SIGKILL");
  await server.close();
});

function startWorker() {
  const env = { ...process.env, LOG_LEVEL: "error" };
  workers.push(
    spawn(process.execPath, ["lib/worker/main.ts"], { env, stdio: ["ignore", "inherit", "inherit"] }),
  );
}

test("two workers stop within two seconds of a pause, and go on within two of its end", {
  timeout: 120_000,
}, async () => {
  let last = 0;
  server = await startCountingServer({
    // Called once the message is whole: the instant it is accepted.
    delay: () => {
      last = performance.now();
      return 60;
    },
  });
  const { campaign, relay } = await sendingCampaign({
    port: server.port,
    recipients: 20_000,
    maxConnections: 8,
  });
  await givePublicAddress();
  startWorker();
  startWorker();
  const accepted = () => server.accepted.size;
  const until = async (what: string, is: () => boolean, within = 15_000) => {
    const begun = performance.now();
    for (; !is(); await sleep(5)) assert.ok(performance.now() - begun < within, what);
    return performance.now() - begun;
  };
  await until("the first messages", () => accepted() > 200, 60_000);

  const said: string[] = [];
  const obeyed = async (name: string, pause: () => Promise<Result>, resume: () => Promise<Result>) => {
    assert.deepEqual(await pause(), { ok: true });
    const asked = performance.now();
    await untilStill(accepted, `${name}: nothing more`, 1_000, WITHIN / 1_000 + 1);
    const late = Math.max(0, last - asked);
    const stopped = accepted();
    assert.ok(late <= WITHIN, `${name}: a message was accepted ${late} ms after the pause`);
    assert.deepEqual(await resume(), { ok: true });
    const first = await until(`${name}: going on`, () => accepted() > stopped, WITHIN);
    await until("in full swing", () => accepted() > stopped + 200);
    said.push(
      `${name}: last message ${Math.round(late)} ms after pause, first ${Math.round(first)} ms after resume`,
    );
  };
  for (let round = 1; round <= 2; round++) {
    await obeyed(
      "campaign",
      () => pauseCampaign(campaign, null),
      () => resumeCampaign(campaign, null),
    );
    await obeyed(
      "relay",
      () => pauseRelay(relay, null),
      () => resumeRelay(relay, null),
    );
  }
  console.log(said.join("\n"));
  assert.ok(
    [...server.accepted.values()].every((times) => times === 1),
    "nobody twice",
  );
  const ended = workers.map((worker) => new Promise((done) => worker.once("exit", done)));
  for (const worker of workers) worker.kill("SIGTERM");
  await Promise.all(ended);
});
