import "#testing/database";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { type ContentKind, MailPurpose, SuppressionReason } from "#db/enums";
import { audienceSql } from "#lib/letters/campaigns/audience";
import { db, pool, sql } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";

const purposes = Object.values(MailPurpose);
const scopes = ["all", "this", "other"] as const;
const places = ["hash", "elsewhere"] as const;
type Stop = {
  reason: SuppressionReason;
  scope: (typeof scopes)[number];
  at: (typeof places)[number];
  lifted: boolean;
};
type Person = { stops: Stop[]; subscription: keyof typeof subscriptions; archived: boolean; pause: Pause };
/** Newsletters left out until a day that is to come, or has passed. */
type Pause = "none" | "now" | "over";

/** Dates of subscribing and leaving, in seconds. */
const subscriptions = {
  never: null,
  joined: [1, null],
  left: [1, 2],
  leftAtOnce: [1, 1],
  leftUnasked: [null, 1],
  rejoined: [2, 1],
  joinedElsewhere: [1, null],
  goneElsewhere: [1, 2],
} as const;

/** What each reason stops, gravest reason first: the whole rule, in other words than the function's. */
const everything = ["newsletter", "solicitation", "letter", "answer"];
const rule: [
  reason: string,
  stops: string[],
  applies: (who: Person, basis: string, purpose: string) => boolean,
][] = [
  [
    "complaint",
    ["newsletter", "solicitation", "letter"],
    (who, _, purpose) => stopped(who, "complaint", purpose),
  ],
  ["unsubscribed", ["newsletter", "solicitation"], (who, _, purpose) => stopped(who, "unsubscribe", purpose)],
  [
    "suppressed",
    ["newsletter", "solicitation", "letter"],
    (who, _, purpose) => stopped(who, "manual", purpose),
  ],
  ["suppressed", everything, (who, _, purpose) => stopped(who, "erasure", purpose)],
  ["unsubscribed", ["newsletter"], (who) => who.subscription.startsWith("left")],
  ["archived", ["newsletter", "solicitation", "letter"], (who) => who.archived],
  [
    "notSubscribed",
    ["newsletter"],
    ({ subscription }, basis) =>
      basis === "consent" &&
      ["never", "leftUnasked", "joinedElsewhere", "goneElsewhere"].includes(subscription),
  ],
  ["paused", ["newsletter", "solicitation"], ({ pause }) => pause === "now"],
  [
    "hardBounce",
    everything,
    ({ stops }) =>
      stops.some(({ reason, at, lifted }) => reason === "hard_bounce" && at === "hash" && !lifted),
  ],
];
const stopped = ({ stops }: Person, reason: SuppressionReason, purpose: string) =>
  stops.some(
    (stop) =>
      stop.reason === reason &&
      !stop.lifted &&
      (stop.scope === "all" || (stop.scope === "this" && purpose === "newsletter")),
  );
const expected = (who: Person, basis: string, purpose: string) =>
  rule.find(([, stops, applies]) => stops.includes(purpose) && applies(who, basis, purpose))?.[0] ?? null;

const single = Object.values(SuppressionReason).flatMap((reason) =>
  scopes.flatMap((scope) =>
    places.flatMap((at) => [true, false].map((lifted): Stop[] => [{ reason, scope, at, lifted }])),
  ),
);
const pairs = Object.values(SuppressionReason).flatMap((reason) =>
  Object.values(SuppressionReason).map((other): Stop[] => [
    { reason, scope: "all", at: "hash", lifted: false },
    { reason: other, scope: "this", at: "elsewhere", lifted: false },
  ]),
);
const standing = single.filter(([stop]) => stop?.scope === "all" && stop.at === "hash" && !stop.lifted);
const everyone = (stops: Stop[], pause: Pause): Person[] =>
  (Object.keys(subscriptions) as Person["subscription"][]).flatMap((subscription) =>
    [false, true].map((archived) => ({ stops, subscription, archived, pause })),
  );
const people = [
  ...[[], ...single, ...pairs].flatMap((stops) => everyone(stops, "none")),
  ...[[], ...standing].flatMap((stops) => [...everyone(stops, "now"), ...everyone(stops, "over")]),
];

const address = (n: number, at: Stop["at"]) => `${at}${n}@exemple.fr`;
const hash = (n: number, at: Stop["at"]) => Buffer.from(hashAddress(address(n, at)));
const bases = ["public_task", "consent"] as const;
const topics: Record<string, number> = {};
let ids: number[] = [];

/** Everybody of the table, each with two addresses; what concerns « this » newsletter concerns both of the two judged. */
before(async () => {
  for (const legalBasis of [...bases, "professional"] as const)
    topics[legalBasis] = (
      await db.topic.create({ data: { key: legalBasis.replace("_", "-"), name: legalBasis, legalBasis } })
    ).id;
  const made = await db.contact.createManyAndReturn({
    data: people.map(({ archived }, n) => ({
      kind: "professional",
      lastName: `P${n}`,
      archivedAt: archived ? new Date() : null,
    })),
    select: { id: true },
  });
  ids = made.map(({ id }) => id);
  const all = people.map((who, n) => ({ ...who, n, id: ids[n] ?? 0 }));
  await db.emailAddress.createMany({
    data: all.flatMap(({ id, n }) =>
      places.map((at) => ({ contactId: id, address: address(n, at), addressHash: hash(n, at) })),
    ),
  });
  await db.subscription.createMany({
    data: all.flatMap(({ id, subscription }) => {
      const dates = subscriptions[subscription];
      const [subscribedAt, unsubscribedAt] = (dates ?? [null, null]).map((s) =>
        s === null ? null : new Date(s * 1000),
      );
      return dates
        ? topicsOf(subscription.endsWith("Elsewhere") ? "other" : "this").map((topicId) => ({
            contactId: id,
            topicId: topicId ?? 0,
            subscribedAt,
            unsubscribedAt,
          }))
        : [];
    }),
  });
  await sql`
    insert into newsletter_pauses (contact_id, since, until)
    select id, now() - interval '1 year', case pause when 'now' then now() + interval '1 day' else now() - interval '1 day' end
    from unnest(${all.map(({ id }) => id)}::int[], ${all.map(({ pause }) => pause)}::text[]) as p (id, pause) where pause <> 'none'`;
  await db.suppression.createMany({
    data: all.flatMap(({ n, stops }) =>
      stops.flatMap(({ reason, scope, at, lifted }) =>
        topicsOf(scope).map((topicId) => ({
          addressHash: hash(n, at),
          topicId,
          reason,
          liftedAt: lifted ? new Date() : null,
        })),
      ),
    ),
  });
  // Tables that were empty a moment ago are planned as such.
  await sql`analyze`;
});
const topicsOf = (scope: Stop["scope"]) =>
  scope === "all"
    ? [null]
    : scope === "other"
      ? [topics.professional ?? 0]
      : bases.map((basis) => topics[basis] ?? 0);

test("every reason not to write, against every purpose of a mail", async () => {
  const rows = await sql<{ n: number; basis: string; purpose: string; reason: string | null }>`
    select p.n, t.legal_basis::text as basis, u.purpose::text, o.reason
    from unnest(${people.map((_, n) => n)}::int[], ${ids}::int[], ${people.map((_, n) => hash(n, "hash"))}::bytea[]) as p (n, id, hash)
    join topics t on t.id = any(${bases.map((basis) => topics[basis])}::int[])
    cross join unnest(enum_range(null::"MailPurpose")) as u (purpose)
    cross join lateral opposition(p.hash, p.id, t.id, u.purpose) o`;
  assert.equal(rows.length, people.length * bases.length * purposes.length);
  const wrong = rows.flatMap(({ n, basis, purpose, reason }) => {
    const who = people[n];
    const right = who && expected(who, basis, purpose);
    return right === reason ? [] : [{ ...who, basis, purpose, reason, right }];
  });
  assert.deepEqual(wrong.slice(0, 3), []);
});

test("an address without a person is judged by its own suppressions, and asks for consent", async () => {
  const n = people.findIndex(
    ({ stops: [stop, ...more] }) =>
      stop?.reason === "manual" &&
      stop.scope === "all" &&
      stop.at === "hash" &&
      !stop.lifted &&
      more.length === 0,
  );
  const reason = async (of: Buffer, topic: number | null, purpose: string) =>
    (
      await sql<{
        reason: string | null;
      }>`select reason from opposition(${of}, null, ${topic}::int, ${purpose}::"MailPurpose")`
    )[0]?.reason;
  const free = Buffer.from(hashAddress("nobody@exemple.fr"));
  assert.equal(await reason(hash(n, "hash"), null, "letter"), "suppressed");
  assert.equal(
    await reason(hash(n, "elsewhere"), null, "letter"),
    null,
    "whose other address this is, nobody knows",
  );
  assert.equal(await reason(free, topics.public_task ?? 0, "newsletter"), null);
  assert.equal(await reason(free, topics.consent ?? 0, "newsletter"), "notSubscribed");
  assert.equal(await reason(free, null, "newsletter"), null);
});

test("what a content is tells the purpose of its mail, unless a letter by hand says it itself", async () => {
  const rows = await sql`
    select k::text as kind, purpose_of(k, null)::text as purpose, purpose_of(k, 'answer')::text as told
    from unnest(enum_range(null::"ContentKind")) k`;
  assert.deepEqual(Object.fromEntries(rows.map(({ kind, purpose }) => [kind, purpose])), {
    campaign: "newsletter",
    test: "letter",
    transactional: "service",
    personal: "letter",
  });
  assert.ok(rows.every(({ told }) => told === "answer"));
});

test("only a letter by hand says what it is for, and never that it is a service", async () => {
  const identity = await db.identity.findFirstOrThrow({ select: { id: true } });
  const give = (kind: ContentKind, purpose: MailPurpose | null) =>
    db.content.create({ data: { kind, purpose, identityId: identity.id, subject: "", html: "", text: "" } });
  for (const purpose of ["letter", "answer", null] as const) await give("personal", purpose);
  for (const purpose of ["service", "newsletter", "solicitation"] as const)
    await assert.rejects(give("personal", purpose), /contents_purpose/, purpose);
  for (const kind of ["test", "transactional"] as const)
    await assert.rejects(give(kind, "answer"), /contents_purpose/, kind);
});

test("the rule is part of the statement that asks it, never called once a row", async () => {
  const values: unknown[] = [];
  const text = audienceSql({ topicId: topics.consent ?? 0, criteria: { match: "all", groups: [] } }, values);
  const { rows } = await pool().query<{ "QUERY PLAN": string }>({ text: `explain verbose ${text}`, values });
  const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
  assert.doesNotMatch(plan, /Function Scan|opposition\(/);
  assert.match(plan, /suppressions/);
});
