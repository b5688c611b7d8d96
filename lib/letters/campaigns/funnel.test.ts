import "#testing/database";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Counts,
  type Funnel,
  funnelOf,
  handedOver,
  rateOf,
  shareOf,
} from "#lib/letters/campaigns/funnel";
import { launchCampaign } from "#lib/letters/campaigns/launch";
import { cancelCampaign, finishCampaigns } from "#lib/letters/campaigns/mutations";
import { exportOutcomes, listOutcomes } from "#lib/letters/campaigns/outcomes";
import { getFunnel, listCampaigns } from "#lib/letters/campaigns/queries";
import type { Outcome } from "#lib/letters/campaigns/schema";
import { sql } from "#lib/machine/db";
import { getFigures, listRecentCampaigns } from "#lib/office/dashboard/queries";
import { person, readyCampaign } from "#testing/campaigns";

/** A linear congruential generator (Numerical Recipes): the same draws at each run. */
function draws(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function addsUp(funnel: Funnel) {
  const { segment, setAside, recipients, accepted, refused, unknown, returned, delivered } = funnel;
  assert.equal(segment, setAside + recipients);
  assert.equal(
    setAside,
    funnel.reasons.reduce((sum, { count }) => sum + count, 0),
  );
  assert.equal(recipients, accepted + refused + unknown + funnel.queued + funnel.sending);
  assert.equal(accepted, returned + delivered);
  assert.equal(returned, funnel.hardReturned + funnel.softReturned);
  assert.equal(handedOver(funnel), delivered + returned + refused);
  for (const figure of Object.values(funnel)) if (typeof figure === "number") assert.ok(figure >= 0);
}

describe("a campaign’s funnel", () => {
  it("adds up whatever the counts", () => {
    const draw = draws(7);
    for (let round = 0; round < 500; round++) {
      const [sent, hardSkipped, cancelled, later] = [draw(2000), draw(40), draw(40), draw(40)];
      const hardBounced = draw(sent + 1);
      const counts: Counts = {
        ...{ queued: draw(50), sending: draw(9), unknown: draw(9), sent, failed: draw(50) },
        ...{
          skipped: hardSkipped + cancelled + later,
          hardBounced,
          softBounced: draw(sent - hardBounced + 1),
        },
        ...{ replied: draw(20), unsubscribed: draw(20), complained: draw(5) },
        candidates: null,
        exclusions: { noAddress: draw(60), hardBounce: hardSkipped, cancelled },
      };
      addsUp(funnelOf(counts));
    }
  });

  it("never rounds a part to all or to nothing", () => {
    assert.equal(shareOf(0, 0), null);
    assert.equal(shareOf(1999, 2000), 0.999);
    assert.equal(shareOf(2000, 2000), 1);
    assert.equal(shareOf(1, 5000), 0.001);
    assert.equal(shareOf(0, 5000), 0);
    assert.equal(shareOf(1, 3), 0.333);
    assert.equal(shareOf(15, 10), 1.5);
  });
});

/** People of every kind that a launch sets aside, and enough of the others. */
async function crowd() {
  await person({ archivedAt: new Date() });
  for (let i = 0; i < 3; i++) await person({ addresses: [] });
  for (const standing of ["hard", "hard", "complaint"] as const)
    await person({ addresses: [{ address: `${standing}.${Math.random()}@example.org`, standing }] });
  for (let i = 0; i < 40; i++) await person();
}

/** Anything that may become of a message, in no order. */
async function befall(id: number, draw: (below: number) => number) {
  const [row] = await sql<{ id: number }>`
    select id from deliveries where campaign_id = ${id} and status <> 'skipped' order by id offset ${draw(40)} limit 1`;
  if (!row) return;
  const d = row.id;
  switch (draw(7)) {
    case 0:
    case 1:
      return sql`update deliveries set status = 'sent', settled_at = now() where id = ${d}`;
    case 2:
      return sql`update deliveries set status = 'failed', settled_at = now(), reason = 'user-unknown' where id = ${d}`;
    case 3:
      return sql`update deliveries set status = 'unknown', settled_at = null, announced_at = now(), unknown_at = now(), reason = 'connectionLost' where id = ${d}`;
    case 4:
      return sql`update deliveries set bounced_at = now(), bounce = (array['hard', 'soft', 'unknown'])[${1 + draw(3)}::int] where id = ${d}`;
    case 5:
      return sql`update deliveries set replied_at = now() where id = ${d}`;
    case 6:
      return sql`update deliveries set status = 'skipped', settled_at = now(), reason = 'suppressed' where id = ${d} and status = 'queued'`;
  }
}

describe("the same figures everywhere", () => {
  it("on the page, in the list, on the dashboard and in the export, whatever happens", async () => {
    await crowd();
    const [{ n: people } = { n: 0 }] = await sql<{ n: number }>`select count(*)::int as n from contacts`;
    const draw = draws(11);
    for (let round = 0; round < 4; round++) {
      const id = await readyCampaign();
      assert.ok((await launchCampaign(id)).ok);
      for (let blow = 0; blow < 60; blow++) await befall(id, draw);
      if (round === 3) {
        await cancelCampaign(id, null);
        await finishCampaigns();
      }
      const funnel = await getFunnel(id);
      addsUp(funnel);
      assert.equal(funnel.segment, people, "everybody of the segment is somewhere");
      await sameElsewhere(id, funnel);
    }
  });

  async function sameElsewhere(id: number, funnel: Funnel) {
    const listed = (await listCampaigns({})).campaigns.find((campaign) => campaign.id === id);
    assert.deepEqual(listed?.funnel, funnel);
    const recent = (await listRecentCampaigns()).find((campaign) => campaign.id === id);
    assert.deepEqual(recent?.funnel, funnel);
    const counted = async (outcome: Outcome) => (await listOutcomes(id, outcome, null, 1000)).rows.length;
    assert.equal(await counted("sent"), funnel.accepted);
    assert.equal(await counted("failed"), funnel.refused);
    assert.equal(await counted("unknown"), funnel.unknown);
    assert.equal(await counted("queued"), funnel.queued);
    assert.equal(await counted("bounced"), funnel.returned);
    assert.equal(await counted("replied"), funnel.replied);
    const nowhere = funnel.reasons.find(({ reason }) => reason === "noAddress")?.count ?? 0;
    assert.equal(await counted("skipped"), funnel.setAside - nowhere);
    const titles = new Proxy({}, { get: () => "x" }) as Parameters<typeof exportOutcomes>[2];
    const file = (await Array.fromAsync(exportOutcomes(id, "all", titles))).join("");
    assert.equal(file.trimEnd().split("\r\n").length - 1, funnel.segment - nowhere);
  }

  it("and in the month’s sums", async () => {
    const { campaigns } = await listCampaigns({});
    const sum = (figure: "accepted" | "refused" | "replied") =>
      campaigns.reduce((total, { funnel }) => total + funnel[figure], 0);
    const { handed, accepted, replied } = await getFigures();
    assert.deepEqual(
      [handed, accepted, replied],
      [sum("accepted") + sum("refused"), sum("accepted"), sum("replied")],
    );
    for (const { funnel } of campaigns) assert.ok((rateOf(funnel, "delivered") ?? 0) <= 1);
  });
});
