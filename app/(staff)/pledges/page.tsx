import { HandCoins } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { listColumn, sumStates } from "#lib/tax/pledges/queries";
import { movesFrom, type PledgeState, pledgeStates } from "#lib/tax/pledges/rules";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { Board } from "./board";
import { campaignOf } from "./campaign";
import { Figures, Heading, Open, Solicited } from "./heading";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const moves = Object.fromEntries(pledgeStates.map((state) => [state, [...movesFrom(state)]])) as Record<
  PledgeState,
  PledgeState[]
>;

export default async function BoardPage({ searchParams }: Props) {
  const user = await gate("tax.read", "/pledges");
  const campaign = await campaignOf(await searchParams);
  const { year, search } = campaign;
  const edits = may(user.role, "tax.edit");
  const [t, totals, ...columns] = await Promise.all([
    getTranslations("pledges"),
    sumStates(year, search),
    ...pledgeStates.map((state) => listColumn(year, state, { owner: search.owner })),
  ]);
  const empty = pledgeStates.every((state) => totals[state].count === 0);
  return (
    <>
      <Heading
        view="board"
        campaign={campaign}
        edits={edits}
        actions={
          edits && (
            <>
              <Solicited year={year} />
              <Open year={year} />
            </>
          )
        }
      />
      <Figures year={year} totals={totals} search={search} />
      {empty ? (
        <Card flush>
          <EmptyState icon={<HandCoins />} title={t("empty.title")}>
            {t("empty.text")}
          </EmptyState>
        </Card>
      ) : (
        <Board
          key={`${year} ${search.owner}`}
          year={year}
          owner={String(search.owner)}
          states={pledgeStates}
          moves={moves}
          columns={Object.fromEntries(pledgeStates.map((state, at) => [state, columns[at]])) as never}
          totals={totals}
          edits={edits}
        />
      )}
    </>
  );
}
