/** What tests of claims and leases look at: who is in the queue of a made campaign, and in which state. */
import { claim } from "#lib/letters/deliveries/claim";
import { sql } from "#lib/machine/db";
import { sendingCampaign } from "#testing/deliveries";

export const make = (recipients: number) => sendingCampaign({ port: 1, recipients });
export type Made = Awaited<ReturnType<typeof make>>;

export const nth = ({ campaign }: Made, n: number) => `r${n}@c${campaign}.example`;

export const claimed = async (relay: number, wanted = 100) =>
  (await claim(relay, wanted)).map(({ address }) => address).sort();

export const rowOf = async (address: string) => {
  const [row] = await sql<{
    status: string;
    reason: string | null;
    leased: boolean;
    settled: boolean;
    wait: number;
  }>`
    select status::text, reason, lease_token is not null as leased, settled_at is not null as settled,
      extract(epoch from due_at - now())::float8 as wait
    from deliveries where address = ${address}`;
  if (!row) throw new Error("no such delivery");
  return row;
};
