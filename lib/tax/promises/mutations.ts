/** A share promised in public: asked for, confirmed from the address it names, and then a pledge. */
import { createHmac } from "node:crypto";
import { promiseMail } from "#emails/transactional";
import { actOn, audited } from "#lib/department/audit/mutations";
import { getHouse } from "#lib/department/settings/house";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { secretSlot } from "#lib/letters/deliveries/secrets";
import { nextId, type Runner, sql, sqlOn, transaction } from "#lib/machine/db";
import { formatDateTime } from "#lib/machine/format";
import type { Locale } from "#lib/machine/messages/negotiate";
import { ok, type Result, refused } from "#lib/machine/result";
import { hashAddress, keyFor } from "#lib/machine/seal";
import { type DeliveryName, readToken, signToken } from "#lib/machine/tokens";
import { createOrganisation } from "#lib/people/organisations/mutations";
import { formatSiret } from "#lib/people/organisations/rules";
import { organisationInput } from "#lib/people/organisations/schema";
import { promisePledge } from "#lib/tax/pledges/receipts";
import { sayShare } from "./rules.ts";
import type { PromiseInput } from "./schema.ts";

/** How long the link of the letter is good, in days; then the promise is forgotten. */
const days = 7;
/**
 * In a day, from one network (a campus, a group's office): to one address, for one SIRET, in all; and to one address from
 * anywhere. What a stranger uses up is their own network's part, never the company's. And in all before anybody confirms:
 * the department must not be made to write to strangers by hundreds by whoever has many networks.
 */
const most = { address: 1, siret: 3, network: 20, anywhere: 3, waiting: 300 };

type Asked = Pick<PromiseInput, "company" | "siret" | "email" | "share" | "letter"> & {
  campaignYear: number;
  soldeCents: bigint | null;
  network: string;
  locale: Locale;
};

/**
 * Keeps a promise and writes to its address; nothing else is done before that is confirmed. The answer tells nothing of
 * what we know of the company or the address: only how often this was asked for.
 * @unaudited Anybody may promise for anybody; confirming it is audited.
 */
export async function askPromise(asked: Asked): Promise<Result<unknown, "alreadyAsked" | "throttled">> {
  const { campaignYear, siret, email, share, company, soldeCents, letter, locale } = asked;
  const [addressHash, networkHash] = [Buffer.from(hashAddress(email)), networkKey(asked.network)];
  const mail = await confirmationMail(asked, locale);
  await sql`delete from promises where confirmed_at is null and created_at < now() - make_interval(days => ${days})`;
  return transaction(async (client) => {
    const fault = await tooOften(client, { addressHash, networkHash, siret });
    if (fault) return refused(fault);
    const id = await nextId("promises", client);
    const deliveryId = await knownDelivery(client, letter);
    const [row] = await sqlOn(client)<{ generation: number }>`
      insert into promises (id, campaign_year, siret, company, share, solde_cents, address, address_hash, network_hash, delivery_id, generation)
      select ${id}, ${campaignYear}, ${siret}, ${company}, ${share}, ${soldeCents}::bigint, ${email}, ${addressHash}, ${networkHash},
        ${deliveryId}::int, generation from installation returning generation`;
    const name = { id, generation: row?.generation ?? 0 };
    await enqueueLetter(
      { kind: "transactional", to: email, ...mail, secret: signToken("promise", name) },
      client,
    );
    return ok;
  });
}

const networkKey = (network: string) => createHmac("sha256", keyFor("promises")).update(network).digest();

/** Counted under a lock: a hundred at once get no more than one by one. */
async function tooOften(
  client: Runner,
  { addressHash, networkHash, siret }: { addressHash: Buffer; networkHash: Buffer; siret: string },
): Promise<"alreadyAsked" | "throttled" | null> {
  const on = sqlOn(client);
  await on`select pg_advisory_xact_lock(hashtextextended('promises', 0))`;
  const [count] = await on<Record<keyof typeof most, number>>`
    select count(*) filter (where address_hash = ${addressHash} and network_hash = ${networkHash})::int as address,
      count(*) filter (where address_hash = ${addressHash})::int as anywhere,
      count(*) filter (where siret = ${siret} and network_hash = ${networkHash})::int as siret,
      count(*) filter (where network_hash = ${networkHash})::int as network,
      count(*) filter (where confirmed_at is null)::int as waiting
    from promises where created_at > now() - interval '1 day'`;
  if (!count) return null;
  if (count.address >= most.address || count.anywhere >= most.anywhere) return "alreadyAsked";
  const full = count.siret >= most.siret || count.network >= most.network || count.waiting >= most.waiting;
  return full ? "throttled" : null;
}

/** A link of a letter that is no more is no link. */
async function knownDelivery(client: Runner, letter: string): Promise<number | null> {
  const name = readToken("pledge", letter);
  if (name === null) return null;
  const [row] = await sqlOn(client)<{ id: number }>`
    select id from deliveries where id = ${name.id} and generation = ${name.generation}`;
  return row?.id ?? null;
}

async function confirmationMail({ siret, share, campaignYear }: Asked, locale: Locale) {
  const house = await getHouse();
  return promiseMail({
    brand: house.brand,
    product: house.product,
    locale,
    siret: formatSiret(siret),
    share: sayShare(share, locale),
    campaignYear: String(campaignYear),
    url: `${house.publicUrl}/promesse/${secretSlot}`,
    until: formatDateTime(new Date(Date.now() + days * 86_400_000), locale),
  });
}

type ConfirmFault = "badLink" | "linkTooOld";
type Row = {
  id: number;
  campaignYear: number;
  siret: string;
  company: string;
  share: number;
  soldeCents: string | null;
  addressHash: Buffer;
  deliveryId: number | null;
  campaignId: number | null;
  pledgeId: number | null;
};

/**
 * Makes the promise of a link a pledge, once: asked again, it answers the same and does nothing. A SIRET that nobody
 * knows becomes a company. `verified` when the address is that of somebody who works there.
 */
export async function confirmPromise(token: string): Promise<Result<unknown, ConfirmFault>> {
  const name = readToken("promise", token);
  const row = name === null ? null : await findPending(name);
  if (!row) return refused("badLink");
  if (row.pledgeId !== null) return ok;
  const organisationId = await companyOf(row);
  const made = await pledgeOnce(row, organisationId);
  if (made.ok) return ok;
  // Followed twice at once: whoever was later is told what the other was.
  return (await findPending(name as DeliveryName))?.pledgeId == null ? made : ok;
}

function pledgeOnce(row: Row, organisationId: number): Promise<Result<{ pledgeId: number }, ConfirmFault>> {
  return audited(
    ({ pledgeId }) => actOn("pledge.promised", pledgeId, null, { promiseId: row.id }),
    async (client): Promise<Result<{ pledgeId: number }, ConfirmFault>> => {
      // Zero rows: the link was followed twice at once, or the promise was forgotten meanwhile.
      const mine = await sqlOn(client)`
        update promises set confirmed_at = now() where id = ${row.id} and confirmed_at is null returning id`;
      if (mine.length === 0) return refused("linkTooOld");
      const contactId = await affiliate(client, organisationId, row.addressHash);
      const { pledgeId } = await promisePledge(
        {
          campaignYear: row.campaignYear,
          organisationId,
          covers: "siret",
          share: row.share,
          soldeCents: row.soldeCents === null ? null : BigInt(row.soldeCents),
          contactId,
          sourceCampaignId: row.campaignId,
          channel: row.deliveryId === null ? "form" : "link",
          verified: contactId !== null,
        },
        client,
      );
      await sqlOn(client)`update promises set pledge_id = ${pledgeId} where id = ${row.id}`;
      return { ok: true, pledgeId };
    },
  );
}

async function findPending({ id, generation }: DeliveryName): Promise<Row | null> {
  const [row] = await sql<Row>`
    select p.id, p.campaign_year as "campaignYear", p.siret, p.company, p.share, p.solde_cents as "soldeCents",
      p.address_hash as "addressHash", p.delivery_id as "deliveryId", d.campaign_id as "campaignId", p.pledge_id as "pledgeId"
    from promises p left join deliveries d on d.id = p.delivery_id
    where p.id = ${id} and p.generation = ${generation} and (p.confirmed_at is not null or p.created_at > now() - make_interval(days => ${days}))`;
  return row ?? null;
}

/** By its SIRET, put away or not; else a new one under the name that was given. */
async function companyOf({ siret, company }: Row): Promise<number> {
  const find = async () =>
    (await sql<{ id: number }>`select id from organisations where siret = ${siret}`)[0]?.id;
  const known = await find();
  if (known) return known;
  const blank = { siren: "", headcount: "", email: "", website: "", phone: "", country: "FR" };
  const made = await createOrganisation(organisationInput.parse({ ...blank, name: company, siret }), null);
  const id = made.ok ? made.id : await find();
  if (!id) throw new Error(`no organisation for promise`);
  return id;
}

/** Somebody who works in this company today, by the address the promise was confirmed from. */
async function affiliate(
  client: Runner,
  organisationId: number,
  addressHash: Buffer,
): Promise<number | null> {
  const [row] = await sqlOn(client)<{ id: number }>`
    select a.contact_id as id from email_addresses e join affiliations a on a.contact_id = e.contact_id and a.ended_at is null
    join organisations o on o.id = a.organisation_id join organisations mine on mine.id = ${organisationId}
    where e.address_hash = ${addressHash} and (o.id = mine.id or o.siren = mine.siren) order by a.id limit 1`;
  return row?.id ?? null;
}
