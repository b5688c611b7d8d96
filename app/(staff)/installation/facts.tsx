import { useFormatter, useTranslations } from "next-intl";
import { formatDateTime } from "#lib/machine/format";
import type { InstallationState } from "#lib/office/restores/queries";
import { Card } from "#ui/card";
import { DescriptionList } from "#ui/description-list";

/** What somebody who takes the installation over must know of it. */
export function Facts({ state, locale }: { state: InstallationState; locale: string }) {
  const t = useTranslations("installation.facts");
  const format = useFormatter();
  return (
    <Card title={t("title")}>
      <DescriptionList
        items={[
          { label: t("beat"), value: state.beatAt ? formatDateTime(state.beatAt, locale) : t("never") },
          { label: t("postgres"), value: state.postgres },
          { label: t("size"), value: t("megabytes", { n: format.number(Math.ceil(state.bytes / 1e6)) }) },
          { label: t("key"), value: state.keyFingerprint ?? t("unknownKey") },
        ]}
      />
    </Card>
  );
}
