import { FileCode2, FileText } from "lucide-react";
import { useTranslations } from "next-intl";
import { Card } from "#ui/card";
import { LinkButton } from "#ui/link-button";

/** What a webmaster needs: both files are static. */
export function FormatCard() {
  const t = useTranslations("sources");
  return (
    <Card title={t("format.title")} description={t("format.text")}>
      <div className="flex flex-wrap gap-2">
        <LinkButton href="/schemas/contacts-1.1.xsd" icon={<FileCode2 aria-hidden />} prefetch={false}>
          {t("format.schema")}
        </LinkButton>
        <LinkButton href="/schemas/contacts-example.xml" icon={<FileText aria-hidden />} prefetch={false}>
          {t("format.example")}
        </LinkButton>
      </div>
    </Card>
  );
}
