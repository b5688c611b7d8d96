import { LogOut, MonitorSmartphone } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { formatDateTime } from "#lib/machine/format";
import { browserName } from "#lib/office/users/browser";
import type { listSessions } from "#lib/office/users/queries";
import { ActionButton } from "#ui/action-button";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { endOtherSessions, endSession } from "./actions";

type Props = { sessions: Awaited<ReturnType<typeof listSessions>>; current: string };

/** Every browser signed in with this account; any of them can be put out. */
export function Sessions({ sessions, current }: Props) {
  const t = useTranslations("users");
  const locale = useLocale();
  return (
    <Card
      flush
      className="xl:col-span-2"
      title={t("account.sessions")}
      description={t("account.sessionsHint")}
      actions={
        sessions.length > 1 && (
          <ActionButton
            action={endOtherSessions}
            namespace="users"
            done={t("account.othersEnded")}
            size="sm"
            icon={<LogOut aria-hidden />}
          >
            {t("account.endOthers")}
          </ActionButton>
        )
      }
    >
      <ul className="divide-y divide-line border-t border-line">
        {sessions.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3">
            <MonitorSmartphone aria-hidden className="size-5 shrink-0 text-faint" />
            <div className="min-w-0 flex-1 basis-48">
              <p className="font-medium">{browserName(session.userAgent) || t("account.unknownBrowser")}</p>
              <p className="text-sm text-faint">
                {t("account.seen", { at: formatDateTime(session.lastSeenAt, locale) })}
                {session.network && ` · ${t("account.network", { network: session.network })}`}
              </p>
            </div>
            {session.id === current ? (
              <Badge tone="good">{t("account.thisOne")}</Badge>
            ) : (
              <ActionButton
                action={endSession}
                fields={{ sessionId: session.id }}
                namespace="users"
                done={t("account.ended")}
                size="sm"
              >
                {t("account.end")}
              </ActionButton>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
