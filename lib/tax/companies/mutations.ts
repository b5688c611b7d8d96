import { actOn, audited, type By } from "#lib/department/audit/mutations";
import { type Runner, sqlOn } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { estimateBase } from "./rules.ts";
import type { DeclaredInput, EstimatedInput, StanceInput } from "./schema.ts";

type Told = {
  organisationId: number;
  campaignYear: number;
  kind: "declared" | "estimated";
  low: bigint;
  high: bigint;
  headcount: number | null;
  sector: string | null;
  source: string;
};
type Answer = Promise<Result<unknown, "notFound">>;

/** The base that a company told us. What was known before stays, superseded. */
export const declareBase = ({ base, ...input }: DeclaredInput, by: By): Answer =>
  recordBase(
    { ...input, kind: "declared", low: BigInt(base), high: BigInt(base), headcount: null, sector: null },
    by,
  );

/** A range from headcount and sector, which its row keeps: what it rests on can be read later. */
export const estimateFrom = (input: EstimatedInput, by: By): Answer =>
  recordBase({ ...input, kind: "estimated", ...estimateBase(input.headcount, input.sector), source: "" }, by);

const recordBase = (told: Told, by: By): Answer =>
  audited(
    actOn("organisation.base", told.organisationId, by, { campaignYear: told.campaignYear }),
    async (client): Answer => {
      const on = sqlOn(client);
      if (!(await locked(told.organisationId, client))) return refused("notFound");
      const { organisationId, campaignYear, kind, low, high, headcount, sector, source } = told;
      await on`
        update company_bases set superseded_at = now()
        where organisation_id = ${organisationId} and campaign_year = ${campaignYear} and superseded_at is null`;
      await on`
        insert into company_bases (organisation_id, campaign_year, kind, low_cents, high_cents, headcount, sector, source, recorded_by)
        values (${organisationId}, ${campaignYear}, ${kind}, ${low}::bigint, ${high}::bigint, ${headcount}::int, ${sector},
          ${source}, ${by})`;
      return { ok: true };
    },
  );

/** Says that an organisation must not be solicited, or, with no reason, that it may be again. */
export const setStance = ({ organisationId, reason, note }: StanceInput, by: By): Answer =>
  audited(actOn("organisation.stance", organisationId, by, { reason }), async (client): Answer => {
    const on = sqlOn(client);
    if (!(await locked(organisationId, client))) return refused("notFound");
    if (reason === "") await on`delete from do_not_solicit where organisation_id = ${organisationId}`;
    else
      await on`
        insert into do_not_solicit (organisation_id, reason, note, recorded_by)
        values (${organisationId}, ${reason}, ${note}, ${by})
        on conflict (organisation_id) do update set reason = excluded.reason, note = excluded.note,
          recorded_at = now(), recorded_by = excluded.recorded_by`;
    return { ok: true };
  });

/** Two who tell a base at once do it one after the other. */
const locked = async (id: number, client: Runner) =>
  (await sqlOn(client)`select id from organisations where id = ${id} for update`).length === 1;
