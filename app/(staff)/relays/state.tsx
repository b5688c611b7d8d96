import { useFormatter, useTranslations } from "next-intl";
import type { RelayDetail } from "#lib/letters/relays/queries";
import type { Pause } from "#lib/letters/relays/rules";
import { failureKeys } from "#lib/letters/relays/schema";
import { Badge } from "#ui/badge";

type Relay = Pick<RelayDetail, "kind" | "testedAt" | "triedAt" | "pause" | "isSpent" | "probing" | "mailbox">;

export function RelayState({ relay }: { relay: Relay }) {
  const t = useTranslations("relays.state");
  const pace = useTranslations("limits.state");
  if (relay.kind === "smtp" && !(relay.testedAt && relay.triedAt))
    return (
      <Badge tone="info" dot>
        {t("toDo")}
      </Badge>
    );
  if (relay.pause)
    return (
      <Badge tone="warn" dot>
        {t("paused")}
      </Badge>
    );
  if (relay.mailbox?.error)
    return (
      <Badge tone="bad" dot>
        {t("trouble")}
      </Badge>
    );
  if (relay.isSpent || relay.probing)
    return (
      <Badge tone="info" dot>
        {pace(relay.isSpent ? "spent" : "probing")}
      </Badge>
    );
  return (
    <Badge tone="good" dot>
      {t("active")}
    </Badge>
  );
}

/** Why it is paused and until when. */
export function usePauseText(pause: Pause): string {
  const t = useTranslations("relays");
  const format = useFormatter();
  const key = `pauses.${pause.reason}` as "pauses.other";
  const reason = t.has(key) ? t(key) : t("pauses.other");
  if (!pause.until) return t("pausedForever", { reason });
  return t("pausedUntil", {
    reason,
    when: format.dateTime(pause.until, { dateStyle: "long", timeStyle: "short" }),
  });
}

/** Whether what comes back is read. */
export function MailboxState({ relay }: { relay: Relay }) {
  const t = useTranslations("relays");
  const format = useFormatter();
  if (relay.kind === "smtp" && !relay.mailbox) return <p className="text-sm text-warn">{t("mailboxNone")}</p>;
  const { error, readAt } = relay.mailbox ?? { error: null, readAt: null };
  const failure = error && (failureKeys.find((key) => key === error) ?? "unknown");
  if (failure) return <p className="text-sm text-bad">{t(`failures.${failure}`)}</p>;
  const { folders = [], listener = null } = relay.mailbox ?? {};
  const list = (names: { path: string }[]) =>
    format.list(names.map(({ path }) => t("mailboxFolder", { name: path })));
  const [unread, read] = [folders.filter((one) => one.error), folders.filter((one) => !one.error)];
  return (
    <>
      <p className="text-sm text-faint">
        {readAt ? t("mailboxRead", { when: format.relativeTime(readAt) }) : t("mailboxNever")}
        {readAt && read.length > 0 && ` ${t("mailboxMore", { folders: list(read) })}`}
        {readAt && ` ${t(isHeld(listener) ? "mailboxRings" : "mailboxPolled")}`}
      </p>
      {unread.length > 0 && (
        <p className="text-sm text-warn">{t("mailboxUnread", { folders: list(unread), n: unread.length })}</p>
      )}
    </>
  );
}

const isHeld = (listener: { leaseUntil: Date | null } | null) =>
  listener?.leaseUntil != null && listener.leaseUntil > new Date();
