import { useFormatter, useTranslations } from "next-intl";
import type { RelayDetail } from "#lib/letters/relays/queries";
import { failureKeys } from "#lib/letters/relays/schema";

/** Whether messages of unknown outcome can be looked up by themselves. */
export function SentState({ relay }: { relay: Pick<RelayDetail, "mailbox" | "sentReader"> }) {
  const t = useTranslations("relays");
  const format = useFormatter();
  if (!relay.mailbox) return null;
  const reader = relay.sentReader;
  if (reader?.error === "folder") return <p className="text-sm text-bad">{t("sent.noFolder")}</p>;
  const failure = reader?.error && (failureKeys.find((key) => key === reader.error) ?? "unknown");
  if (failure)
    return <p className="text-sm text-bad">{t("sent.trouble", { why: t(`failures.${failure}`) })}</p>;
  if (!reader?.readAt) return <p className="text-sm text-faint">{t("sent.never")}</p>;
  const facts = { path: reader.path ?? "", when: format.relativeTime(reader.readAt) };
  if (reader.filesCopies === false) return <p className="text-sm text-warn">{t("sent.noCopies", facts)}</p>;
  return <p className="text-sm text-faint">{t(reader.filesCopies ? "sent.copies" : "sent.notYet", facts)}</p>;
}
