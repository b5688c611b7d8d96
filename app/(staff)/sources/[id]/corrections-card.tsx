import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { Card } from "#ui/card";
import { LinkButton } from "#ui/link-button";

/** What was corrected here and the site does not say yet, for its webmaster. */
export function CorrectionsCard({ id }: { id: number }) {
  const t = useTranslations("sources.corrections");
  return (
    <Card title={t("title")} description={t("text")}>
      <div className="flex flex-wrap gap-2">
        {(["csv", "xml"] as const).map((format) => (
          <LinkButton
            key={format}
            href={`/sources/${id}/corrections?format=${format}`}
            icon={<Download aria-hidden />}
            prefetch={false}
          >
            {t(format)}
          </LinkButton>
        ))}
      </div>
    </Card>
  );
}
