import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { formatDate } from "#lib/machine/format";
import type { ReaderView } from "#lib/returns/unsubscribe/queries";
import { Alert } from "#ui/alert";
import { allowClicks, refuseClicks } from "../actions";
import { Act, fold, summary } from "./act";

/** The consent to be known by the links one follows: asked for apart from the letters, taken back in one click. */
export function Clicks({ view, asks, open }: { view: ReaderView; asks: boolean; open: boolean }) {
  const t = useTranslations("unsubscribe.clicks");
  const locale = useLocale();
  if (view.followedSince !== null)
    return (
      <div className="flex flex-col gap-3 rounded-field border border-line px-4 py-3">
        <p className="font-medium">{t("stands", { date: formatDate(view.followedSince, locale) })}</p>
        <p className="text-sm text-soft">{t("standsText")}</p>
        <Act view={view} action={refuseClicks} label={t("withdraw")} />
      </div>
    );
  if (!asks) return null;
  return (
    <details className={fold} open={open}>
      <summary className={summary}>{t("title")}</summary>
      <p className="text-sm text-soft">{t("text")}</p>
      <p className="mt-2 mb-4 text-sm">
        <Link href="/confidentialite" className="rounded text-brand-text underline underline-offset-3">
          {t("kept")}
        </Link>
      </p>
      <div className="pb-4">
        <Act view={view} action={allowClicks} label={t("give")} />
      </div>
    </details>
  );
}

/** Said because nothing stands any more. */
export function Refused() {
  const t = useTranslations("unsubscribe.clicks");
  return (
    <Alert tone="good" title={t("withdrawn")} className="mb-5">
      {t("withdrawnText")}
    </Alert>
  );
}
