import "#testing/database";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startEngine } from "#lib/letters/deliveries/send";
import { createKey } from "#lib/letters/dkim/mutations";
import { db, sql } from "#lib/machine/db";
import { startCountingServer } from "#testing/counting-server";
import { sendingCampaign } from "#testing/deliveries";
import { faultOfSignature } from "#testing/dkim-verifier";

const server = await startCountingServer();
after(() => server.close());

test("the engine signs with the domain's key, and sends unsigned what has none", async () => {
  const first = await sendingCampaign({ port: server.port, recipients: 3 });
  const other = await sendingCampaign({ port: server.port, recipients: 3 });
  await sql`update identities set address = 'lettre@sans-cle.example' where id = ${other.identity}`;
  const made = await createKey("iut.example", null);
  assert.ok(made.ok);
  const { publicKey } = await db.dkimKey.findUniqueOrThrow({ where: { id: made.id } });
  // As after a look at DNS that found the record.
  await sql`update dkim_keys set active = true, check_result = 'right', published_at = now(), activated_at = now()`;

  const sent = async (campaign: number) => {
    await db.campaign.updateMany({ where: { id: { not: campaign } }, data: { status: "paused" } });
    await db.campaign.update({ where: { id: campaign }, data: { status: "sending" } });
    for (let tries = 0; tries < 200; tries++) {
      const [row] = await sql<{ n: number }>`
        select count(*)::int as n from deliveries where campaign_id = ${campaign} and status = 'sent'`;
      if (row?.n === 3) return Buffer.from(server.last(), "latin1");
      await sleep(50);
    }
    throw new Error("not sent");
  };
  const engine = startEngine(randomUUID());
  try {
    assert.equal(faultOfSignature(await sent(first.campaign), publicKey), null);
    assert.equal(faultOfSignature(await sent(other.campaign), publicKey), "not signed");
  } finally {
    await engine.stop();
  }
});
