import { useLocale, useTranslations } from "next-intl";
import { formatCents } from "#lib/machine/format";
import { formatSiret } from "#lib/people/organisations/rules";
import type { OpenLine } from "#lib/tax/transfers/candidates";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { Checkbox } from "#ui/checkbox";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Table } from "#ui/table";
import type { Tone } from "#ui/tone";
import { acceptMatches } from "../actions";

type Props = { id: number; lines: OpenLine[]; edits: boolean };

const toneOf: Record<string, Tone> = { certain: "good", shared: "info", likely: "warn", possible: "warn" };

/** Proposals with what speaks for them; nothing is matched until somebody accepts it. */
export function Proposals({ id, lines, edits }: Props) {
  const t = useTranslations("transfers.one");
  const rows = lines.flatMap(({ proposal, ...line }) => (proposal ? [{ ...line, proposal }] : []));
  const card = rows.length > 0 && (
    <Card title={t("proposals")} description={t("proposalsHint")} flush>
      <ProposalsTable rows={rows} edits={edits} />
      {edits && (
        <div className="px-5 pb-5">
          <FormActions>
            <SubmitButton>{t("accept")}</SubmitButton>
          </FormActions>
        </div>
      )}
    </Card>
  );
  if (!edits) return card;
  // Around the card, which goes with its last row: what was done is said by the form.
  return (
    <Form action={acceptMatches} namespace="transfers" done={t("accepted")}>
      <input type="hidden" name="id" value={id} />
      {card}
    </Form>
  );
}

type Row = Omit<OpenLine, "proposal"> & { proposal: NonNullable<OpenLine["proposal"]> };

function ProposalsTable({ rows, edits }: { rows: Row[]; edits: boolean }) {
  const t = useTranslations("transfers");
  const locale = useLocale();
  const amount = (cents: number) => formatCents(cents, locale);
  const line = (row: Row) => row.name || formatSiret(row.siret);
  return (
    <Table
      caption={t("one.proposals")}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        {
          key: "line",
          label: t("one.line"),
          heading: true,
          cell: (row) =>
            edits ? (
              <Checkbox
                name="matches[]"
                value={told(row)}
                defaultChecked={row.proposal.level === "certain" || row.proposal.level === "shared"}
                label={line(row)}
                aria-label={t("one.checkLine", { name: line(row), amount: amount(row.cents) })}
              />
            ) : (
              line(row)
            ),
        },
        { key: "cents", label: t("fields.amount"), numeric: true, cell: (row) => amount(row.cents) },
        {
          key: "proposal",
          label: t("one.proposal"),
          cell: ({ proposal: { parts, names } }) => (
            <ul>
              {parts.map((part, at) => (
                <li key={`${part.pledgeId} ${part.organisationId}`}>
                  {parts.length > 1
                    ? t("one.part", { company: names[at] ?? "", amount: amount(part.cents) })
                    : names[at]}
                </li>
              ))}
            </ul>
          ),
        },
        {
          key: "why",
          label: t("one.why"),
          cell: ({ proposal: { level, reasons } }) => (
            <span className="flex flex-wrap items-center gap-2">
              <Badge tone={toneOf[level] ?? "neutral"}>{t(`levels.${level}`)}</Badge>
              <span className="text-sm text-soft">
                {reasons.map((reason) => t(`reasons.${reason}`)).join(", ")}
              </span>
            </span>
          ),
        },
      ]}
    />
  );
}

/** As `acceptInput` reads it: exactly what is shown is what gets accepted. */
const told = ({ id, proposal: { level, parts } }: Row) =>
  `${id}|${level}|${parts
    .map(
      ({ pledgeId, organisationId, cents }) =>
        `${pledgeId === null ? `o${organisationId}` : `p${pledgeId}`}:${cents}`,
    )
    .join("+")}`;
