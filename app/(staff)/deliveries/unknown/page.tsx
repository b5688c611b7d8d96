import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { countUnknown, listUnknown } from "#lib/letters/deliveries/queries";
import { idOf } from "#lib/machine/asked";
import { Alert } from "#ui/alert";
import { PageHeader } from "#ui/page-header";
import { Decisions } from "../../_unknown/decisions";
import { UnknownList } from "../../_unknown/list";
import { settleLetters } from "../actions";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** The same for what belongs to no campaign: tests, invitations, digests. */
export default async function UnknownLettersPage({ searchParams }: Props) {
  await gate("deliveries.settle", "/deliveries/unknown");
  const after = idOf((await searchParams).after) ?? 0;
  const [{ rows, next }, count] = await Promise.all([listUnknown(null, after), countUnknown(null)]);
  const t = await getTranslations("deliveries.unknown");
  const here = "/deliveries/unknown";
  return (
    <>
      <PageHeader
        title={t("lettersTitle")}
        lead={t("lettersLead")}
        actions={count > 0 && <Decisions action={settleLetters} fields={{}} count={count} />}
      />
      {count > 0 && (
        <Alert tone="info" className="mb-5">
          {t("lead")}
        </Alert>
      )}
      <UnknownList
        rows={rows}
        settle={{ action: settleLetters, fields: {} }}
        previousHref={after > 0 ? here : null}
        nextHref={next === null ? null : `${here}?after=${next}`}
      />
    </>
  );
}
