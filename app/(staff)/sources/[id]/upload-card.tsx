import { Upload } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#ui/button";
import { Card } from "#ui/card";

/** A plain form: the browser streams the file, with or without JavaScript. */
export function UploadCard({ id, busy }: { id: number; busy: boolean }) {
  const t = useTranslations("sources");
  return (
    <Card title={t("upload.title")} description={t("upload.text")}>
      <form
        method="post"
        action={`/sources/${id}/upload`}
        encType="multipart/form-data"
        className="flex flex-col gap-4"
      >
        <label className="flex flex-col gap-1.5 text-sm font-medium">
          {t("upload.file")}
          <input
            type="file"
            name="file"
            required
            accept=".xml,.json,.gz,application/xml,text/xml,application/json,application/gzip"
            className="field-box py-1.5 text-sm font-normal file:me-3 file:rounded file:border-0 file:bg-sunken file:px-2.5 file:py-1 file:text-ink"
          />
        </label>
        <div>
          <Button type="submit" icon={<Upload aria-hidden />} disabled={busy}>
            {t("upload.send")}
          </Button>
        </div>
      </form>
    </Card>
  );
}
