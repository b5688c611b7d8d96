import { ArrowRightLeft, Trash2 } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { DkimDomain } from "#lib/letters/dkim/queries";
import { Badge } from "#ui/badge";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { CopyButton } from "#ui/copy-button";
import { activate, retire } from "./actions";
import { CheckRecord } from "./check-record";

type Key = DkimDomain["keys"][number];
type Props = { domain: string; shown: Key; mayEdit: boolean };

const tones = {
  waiting: "warn",
  ready: "info",
  signing: "good",
  silent: "bad",
  replaced: "neutral",
} as const;

/** One key: what to publish, whether it is, and what may be done with it. */
export function KeyPanel({ domain, shown, mayEdit }: Props) {
  const t = useTranslations("dkim");
  const format = useFormatter();
  const created = t("createdOn", { when: format.dateTime(shown.createdAt, { dateStyle: "long" }) });
  const checked = shown.checkedAt && t("checkedOn", { when: format.relativeTime(shown.checkedAt) });
  return (
    <article aria-label={t("selector", { selector: shown.selector })} className="flex flex-col gap-4">
      <div>
        <h3 className="flex flex-wrap items-center gap-x-3 gap-y-1 font-medium">
          {t("selector", { selector: shown.selector })}
          <Badge>{t(`algorithms.${shown.algorithm}`)}</Badge>
          <Badge tone={tones[shown.state]} dot>
            {t(`states.${shown.state}`)}
          </Badge>
        </h3>
        <p className="text-sm text-faint">{checked ? `${created}, ${checked}` : created}</p>
      </div>
      <p className="max-w-2xl text-soft">{t(`stateTexts.${shown.state}`)}</p>
      <Record shown={shown} open={shown.state === "waiting" || shown.state === "silent"} />
      {mayEdit && (
        <div className="flex flex-wrap items-start gap-3">
          <CheckRecord id={shown.id} />
          {shown.state === "ready" && <Activate domain={domain} shown={shown} />}
          {shown.state !== "signing" && <Retire id={shown.id} />}
        </div>
      )}
    </article>
  );
}

function Record({ shown, open }: { shown: Key; open: boolean }) {
  const t = useTranslations("dkim");
  const rows = [
    { label: t("name"), text: shown.name, copy: t("copyName") },
    { label: t("value"), text: shown.value, copy: t("copyValue") },
    { label: t("zone"), text: shown.zone, copy: t("copyZone") },
  ];
  return (
    <details open={open} className="rounded-field bg-sunken px-4 py-3">
      <summary className="cursor-pointer rounded text-sm font-medium [overflow-wrap:anywhere]">
        {shown.name}
      </summary>
      <dl className="mt-3 flex flex-col gap-4">
        {rows.map(({ label, text, copy }) => (
          <div key={label} className="flex flex-col items-start gap-1.5">
            <dt className="text-sm text-soft">{label}</dt>
            <dd className="w-full">
              <p className="mb-2 rounded-field border border-line bg-surface px-3 py-2 font-mono text-[0.8125rem] break-all">
                {text}
              </p>
              <CopyButton text={text} label={copy} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Activate({ domain, shown }: { domain: string; shown: Key }) {
  const t = useTranslations("dkim");
  return (
    <ConfirmDialog
      trigger={{ label: t("activate"), icon: <ArrowRightLeft aria-hidden />, variant: "primary" }}
      title={t("activateTitle")}
      consequence={t("activateText", { domain, selector: shown.selector })}
      confirmLabel={t("activate")}
      action={activate}
      fields={{ id: shown.id }}
      namespace="dkim"
      done={t("activated")}
    />
  );
}

function Retire({ id }: { id: number }) {
  const t = useTranslations("dkim");
  return (
    <ConfirmDialog
      trigger={{ label: t("retire"), icon: <Trash2 aria-hidden />, variant: "ghost" }}
      title={t("retireTitle")}
      consequence={t("retireText")}
      confirmLabel={t("retire")}
      action={retire}
      fields={{ id }}
      namespace="dkim"
      done={t("retired")}
      tone="danger"
    />
  );
}
