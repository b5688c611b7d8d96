/** How a kept mail stands, and how today's rules would have it: the two sides of a change, without a name or an address. */
import { type Runner, sqlOn } from "#lib/machine/db";
import { type Plan, planOf } from "#lib/returns/received/plan";
import { type ReadMail, readIncoming } from "#lib/returns/received/read";

/** `acts`: it is our delivery's, as far as it is proven. */
export type JudgedVerdict = { verdict: string; blame: string; reason: string; acts: boolean };

export type Judged = {
  class: string;
  proposal: string | null;
  /** YYYY-MM-DD */
  backOn: string | null;
  verdicts: JudgedVerdict[];
};

export type Kept = {
  id: number;
  relayId: number;
  class: string;
  proposal: string | null;
  backOn: string | null;
  handled: boolean;
  raw: Buffer;
  receivedAt: Date;
  uid: number;
  uidValidity: string | null;
};

/** The next kept mails after `after`. What somebody decided, or took back, is settled and no matter of rules. */
export const listKept = (client: Runner, after: number, limit: number): Promise<Kept[]> =>
  read(client, after, limit);

/** One of them, locked; null when it is none any more. */
export async function lockKept(client: Runner, id: number): Promise<Kept | null> {
  await sqlOn(client)`select from received_mails where id = ${id} for no key update`;
  const [mail] = await read(client, id - 1, 1);
  return mail?.id === id ? mail : null;
}

const read = (client: Runner, after: number, limit: number) => sqlOn(client)<Kept>`
  select id, relay_id as "relayId", class, proposal, back_on::text as "backOn", handled_at is not null as handled, raw,
    received_at as "receivedAt", uid, uid_validity::text as "uidValidity"
  from received_mails m
  where id > ${after} and octet_length(raw) > 0 and decision is null
    and class in ('bounce', 'auto-reply', 'reply', 'report', 'other')
    and not exists (select from bounces b where b.received_mail_id = m.id and b.overturned_at is not null and b.overturned_why <> ${REJUDGED})
  order by id limit ${limit}`;

/** Why a verdict was taken back, when rules did it and nobody. */
export const REJUDGED = "rejudged";

export async function judgedOf(client: Runner, mail: Kept): Promise<Judged> {
  const verdicts = await sqlOn(client)<JudgedVerdict>`
    select verdict, blame, reason, delivery_id is not null as acts from bounces
    where received_mail_id = ${mail.id} and class = 'bounce' and overturned_at is null order by id`;
  return { class: mail.class, proposal: mail.proposal, backOn: mail.backOn, verdicts };
}

/** What recordMail would make of it now. Rules never make a complaint or a request to leave of it: people write those off. */
export async function judgedToday(
  client: Runner,
  mail: Kept,
): Promise<{ judged: Judged; plan: Plan; read: ReadMail }> {
  const read = await readIncoming({ ...mail, uidValidity: BigInt(mail.uidValidity ?? 0) });
  const plan = await planOf(client, mail.relayId, read);
  const settled = read.class === "complaint" || read.class === "unsubscribe";
  if (settled) return { judged: await judgedOf(client, mail), plan, read };
  const verdicts = [
    ...plan.attribution.others.map((one) => ({ ...one, acts: false })),
    ...plan.attribution.ours.map((one) => ({ ...one, acts: true })),
  ].map(({ verdict, blame, reason, acts }) => ({ verdict, blame, reason, acts }));
  const judged = {
    class: read.class,
    // Seen to already: it asks for nothing more.
    proposal: mail.handled ? mail.proposal : plan.proposal,
    backOn: read.answer?.backOn ?? null,
    verdicts,
  };
  return { judged, plan, read };
}

export const same = (one: Judged, other: Judged): boolean => inOrder(one) === inOrder(other);

const inOrder = ({ class: kind, proposal, backOn, verdicts }: Judged) =>
  JSON.stringify([
    kind,
    proposal,
    backOn,
    verdicts.map(({ verdict, blame, reason, acts }) => [verdict, blame, reason, acts].join()).sort(),
  ]);
