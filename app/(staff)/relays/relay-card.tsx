import { FlaskConical, Server } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { RelayRow } from "#lib/letters/relays/queries";
import { Badge } from "#ui/badge";
import { Progress } from "#ui/progress";
import { MailboxState, RelayState } from "./state";

/** One relay at a glance: what it is, how much of its day is used, in whose name it writes. */
export function RelayCard({ relay }: { relay: RelayRow }) {
  const t = useTranslations("relays");
  const isSandbox = relay.kind === "sandbox";
  return (
    <article className="relative flex flex-col gap-4 rounded-card border border-line bg-surface p-5 shadow-card transition-shadow hover:shadow-pop">
      <div className="flex items-start gap-4 max-sm:flex-wrap">
        <span
          aria-hidden
          className={`flex size-11 shrink-0 items-center justify-center rounded-xl [&_svg]:size-5 ${isSandbox ? "bg-warn-soft text-warn" : "bg-brand-soft text-brand-text"}`}
        >
          {isSandbox ? <FlaskConical /> : <Server />}
        </span>
        <div className="min-w-0 flex-1 basis-40">
          <h2 className="font-display text-lg leading-tight font-semibold">
            <Link
              href={`/relays/${relay.id}`}
              className="rounded after:absolute after:inset-0 after:rounded-card"
            >
              {relay.name}
            </Link>
          </h2>
          <p className="text-sm text-faint [overflow-wrap:anywhere]">
            {isSandbox ? t("kinds.sandbox") : `${relay.host}:${relay.port}`}
          </p>
        </div>
        <RelayState relay={relay} />
      </div>
      {isSandbox ? <p className="text-[0.9375rem] text-soft">{t("sandboxText")}</p> : <Used relay={relay} />}
      <ul className="flex flex-col gap-1.5 border-t border-line pt-3 text-[0.9375rem]">
        {relay.identities.map(({ id, displayName, address, isDefault }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-2 [overflow-wrap:anywhere]">
            <span className="font-medium">{displayName}</span>
            <span className="text-soft">{address}</span>
            {isDefault && <Badge tone="brand">{t("isDefault")}</Badge>}
          </li>
        ))}
        {relay.identities.length === 0 && <li className="text-warn">{t("noIdentity")}</li>}
      </ul>
      <MailboxState relay={relay} />
    </article>
  );
}

export function Used({ relay }: { relay: Pick<RelayRow, "sentToday" | "perDay"> }) {
  const t = useTranslations("relays");
  const count = t("sentToday", { count: relay.sentToday });
  if (relay.perDay === null)
    return <p className="text-[0.9375rem] text-soft">{`${count}, ${t("noLimit")}`}</p>;
  return (
    <Progress
      label={count}
      text={t("ofLimit", { limit: relay.perDay })}
      value={relay.sentToday}
      max={relay.perDay}
      tone={relay.sentToday >= relay.perDay ? "warn" : "brand"}
    />
  );
}
