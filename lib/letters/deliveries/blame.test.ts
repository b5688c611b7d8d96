/** One recipient stops nobody: what a server says at RCPT, or cannot take, is that delivery's own end. */
import "#testing/database";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { finishCampaigns } from "#lib/letters/campaigns/mutations";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { startEngine } from "#lib/letters/deliveries/send";
import { disconnect, sql } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { type CountingServer, startCountingServer } from "#testing/counting-server";
import { sendingCampaign } from "#testing/deliveries";
import { untilMoving } from "#testing/until";

type Behaviour = NonNullable<Parameters<typeof startCountingServer>[0]>;
type Case = { server: CountingServer; campaign: number; relay: number; odd: string };
const servers: CountingServer[] = [];

/** Three recipients, `odd` first in the queue, on a server of their own. */
async function three(behaviour: Behaviour, odd: string): Promise<Case> {
  const server = await startCountingServer(behaviour);
  servers.push(server);
  const { campaign, relay } = await sendingCampaign({ port: server.port, recipients: 3, maxConnections: 1 });
  await sql`
    update deliveries set address = ${odd}, address_hash = ${Buffer.from(hashAddress(odd))}
    where id = (select min(id) from deliveries where campaign_id = ${campaign})`;
  return { server, campaign, relay, odd };
}

const refusing = (who: string, code: number, text: string): Behaviour => ({
  refuse: (address) => (address === who ? [code, text] : null),
});
const list = "liste@odd.example";
const accented = "jérôme@odd.example";
const refusals = [
  "550 5.7.1 This mailbox does not accept bulk mail",
  "554 5.7.1 Message rejected as spam",
  "552 5.3.4 Message too big for this mailbox",
  "550 5.6.0 Malformed message",
  "550 5.7.1 Only members may post to this list",
  "550 5.7.1 Access denied",
];
const refused = await Promise.all(
  refusals.map((words) => three(refusing(list, Number(words.slice(0, 3)), words.slice(4)), list)),
);
const notOffered = await three({ smtpUtf8: false }, accented);
const taken = await three({ smtpUtf8: true }, accented);
const refusedAfterAll = await three(
  refusing(accented, 553, "5.6.7 SMTPUTF8 required: non-ASCII address"),
  accented,
);
const letters = await sendingCampaign({ port: notOffered.server.port, recipients: 1 });
await enqueueLetter({
  ...{ kind: "test" as const, subject: "Essai", html: "<p>x</p>", text: "x", variables: {} },
  ...{ identityId: letters.identity, to: accented },
});

let engine: ReturnType<typeof startEngine>;
before(() => {
  engine = startEngine(randomUUID());
});
after(async () => {
  await engine.stop();
  await Promise.all(servers.map((server) => server.close()));
  await disconnect();
});

const waiting = async () =>
  (
    await sql<{ n: number }>`select count(*)::int as n from deliveries where status in ('queued', 'sending')`
  )[0]?.n;

async function outcomeOf({ campaign, relay, odd }: Case) {
  const open = () =>
    sql`select 1 from deliveries where campaign_id = ${campaign} and status not in ('sent', 'failed')`;
  await untilMoving(async () => (await open()).length === 0, waiting, "each has its outcome");
  await finishCampaigns();
  const rows = await sql<{ status: string; reason: string | null; reply: string }>`
    select status::text, reason, reply from deliveries where campaign_id = ${campaign} order by address = ${odd} desc, id`;
  const [state] = await sql`
    select k.status::text, k.pause_reason as paused, r.pause_reason as relay from campaigns k, relays r where k.id = ${campaign} and r.id = ${relay}`;
  return { rows, state };
}

const ended = { status: "sent", paused: null, relay: null };

describe("one recipient", { concurrency: true }, () => {
  refused.forEach((one, i) => {
    it(`${refusals[i]}: that one fails with its own words, the others leave, the campaign ends`, async () => {
      const { rows, state } = await outcomeOf(one);
      assert.deepEqual(
        rows.map(({ status }) => status),
        ["failed", "sent", "sent"],
      );
      assert.equal(rows[0]?.reply, refusals[i]);
      assert.deepEqual(state, ended);
      assert.equal(one.server.accepted.size, 2);
    });
  });

  it("with an accented local part is not offered to a server that cannot take it", async () => {
    const { rows, state } = await outcomeOf(notOffered);
    assert.deepEqual(
      rows.map(({ status, reason }) => [status, reason]),
      [
        ["failed", "non-ascii-address"],
        ["sent", null],
        ["sent", null],
      ],
    );
    assert.match(rows[0]?.reply ?? "", /^553 5\.6\.7 /);
    assert.ok(!notOffered.server.named.has(accented), "never named to the server");
    assert.deepEqual(state, ended);
    const suppressed =
      await sql`select 1 from suppressions where address_hash = ${Buffer.from(hashAddress(accented))}`;
    assert.equal(suppressed.length, 0, "the address is not dead");
  });

  it("is sent to by a server that takes it, and ends alone at one that refuses it after all", async () => {
    const [sent, not] = [await outcomeOf(taken), await outcomeOf(refusedAfterAll)];
    assert.deepEqual([sent.rows[0]?.status, taken.server.accepted.get(accented)], ["sent", 1]);
    assert.deepEqual(
      not.rows.map(({ status }) => status),
      ["failed", "sent", "sent"],
    );
    assert.deepEqual(not.state, ended);
  });

  it("of a letter is settled the same way", async () => {
    const row = () => sql<{ status: string; reason: string }>`
      select status::text, reason from deliveries where address = ${accented} and campaign_id is null`;
    await untilMoving(async () => (await row())[0]?.status === "failed", waiting, "the letter fails");
    assert.equal((await row())[0]?.reason, "non-ascii-address");
  });
});
