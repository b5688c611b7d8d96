import { useTranslations } from "next-intl";
import { formatDateTime } from "#lib/machine/format";
import type { KnownFault } from "#lib/office/watch/queries";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";

type Props = { faults: KnownFault[]; metrics: { url: string; token: string }; locale: string };

/** What is wrong at this moment, since when, and whether somebody was told. */
export function Watch({ faults, metrics, locale }: Props) {
  const t = useTranslations("installation.watch");
  return (
    <Card title={t("title")} description={t("lead")}>
      <div className="flex flex-col gap-4">
        {faults.length === 0 && <Alert tone="good" title={t("allWell")} />}
        {faults.map((fault) => (
          <OneFault key={`${fault.kind} ${fault.subject}`} fault={fault} locale={locale} />
        ))}
        <details>
          <summary className="cursor-pointer text-soft">{t("metricsTitle")}</summary>
          <p className="mt-2 break-words">{t("metricsText", { url: metrics.url })}</p>
          <p className="mt-1">
            <code className="break-all">{metrics.token}</code>
          </p>
        </details>
      </div>
    </Card>
  );
}

function OneFault({ fault, locale }: { fault: KnownFault; locale: string }) {
  const t = useTranslations("installation.watch");
  const [values, { kind, since, toldAt }] = [{ who: fault.who, n: fault.figure ?? 0 }, fault];
  return (
    <Alert tone="bad" title={t(`${kind}.title`, values)}>
      <p>{t(`${kind}.cure`, values)}</p>
      {since && (
        <p className="text-soft">
          {t("since", { at: formatDateTime(since, locale) })}
          {". "}
          {toldAt ? t("told", { at: formatDateTime(toldAt, locale) }) : t("untold")}.
        </p>
      )}
    </Alert>
  );
}
