import { Upload } from "lucide-react";
import { useTranslations } from "next-intl";
import { fileKinds } from "#lib/tax/transfers/columns";
import { Button } from "#ui/button";
import { Card } from "#ui/card";

/** Two plain forms, one a kind: the browser sends the file, with or without JavaScript. */
export function UploadCard() {
  const t = useTranslations("transfers.import");
  return (
    <Card title={t("title")} description={t("text")}>
      <div className="grid gap-6 md:grid-cols-2">
        {fileKinds.map((kind) => (
          <form
            key={kind}
            method="post"
            action={`/transfers/upload?kind=${kind}`}
            encType="multipart/form-data"
            className="flex min-w-0 flex-col gap-3"
          >
            <label className="flex flex-col gap-1.5 text-sm font-medium">
              {t(kind)}
              <span className="text-[0.8125rem] font-normal text-faint">{t(`${kind}Hint`)}</span>
              <input
                type="file"
                name="file"
                required
                accept=".csv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                className="field-box py-1.5 text-sm font-normal file:me-3 file:rounded file:border-0 file:bg-sunken file:px-2.5 file:py-1 file:text-ink"
              />
            </label>
            <div>
              <Button type="submit" icon={<Upload aria-hidden />}>
                {t("send")}
              </Button>
            </div>
          </form>
        ))}
      </div>
    </Card>
  );
}
