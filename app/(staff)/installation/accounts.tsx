import { useTranslations } from "next-intl";
import { formatDateTime } from "#lib/machine/format";
import type { AccountRead } from "#lib/office/restores/queries";
import { Card } from "#ui/card";
import { DescriptionList } from "#ui/description-list";

type Props = { rows: AccountRead[]; locale: string; held: boolean };

/** What the accounts can tell of what left, and of who asked to be left alone meanwhile. */
export function Accounts({ rows, locale, held }: Props) {
  const t = useTranslations("installation.accounts");
  const read = (one: { readAt: Date | string | null; error: string | null } | null) => {
    if (!one) return t("noMailbox");
    if (held) return t("afterwards");
    if (one.error) return t("failed");
    return one.readAt ? t("readAt", { at: formatDateTime(new Date(one.readAt), locale) }) : t("reading");
  };
  return (
    <Card title={t("title")} description={t("lead")}>
      <div className="flex flex-col gap-4">
        {rows.map(({ relayId, name, mailbox, sent }) => (
          <DescriptionList
            key={relayId}
            items={[
              { label: t("account"), value: name },
              { label: t("mailbox"), value: read(mailbox) },
              { label: t("sent"), value: sent?.filesCopies === false ? t("noCopies") : read(sent) },
            ]}
          />
        ))}
        <p className="text-soft">{t("records")}</p>
      </div>
    </Card>
  );
}
