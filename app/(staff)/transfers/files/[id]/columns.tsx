import { useTranslations } from "next-intl";
import { columnsOf, type FileKind, requiredOf } from "#lib/tax/transfers/columns";
import type { Preview } from "#lib/tax/transfers/preview";
import { Button } from "#ui/button";
import { Select } from "#ui/select";

/** Which column holds what; a GET, since it only looks again. */
export function Columns({ kind, preview }: { kind: FileKind; preview: Preview }) {
  const t = useTranslations("transfers");
  const options = preview.headers.map((header, at) => ({
    value: String(at),
    label: header || t("preview.column", { letter: String.fromCharCode(65 + (at % 26)) }),
  }));
  return (
    <form method="get" className="flex flex-col gap-5">
      <div className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
        {columnsOf[kind].map((column) => (
          <Select
            key={column}
            name={`in_${column}`}
            label={t(`fields.${column}`)}
            required={requiredOf[kind].includes(column)}
            placeholder={t("preview.noColumn")}
            defaultValue={String(preview.mapping[column] ?? "")}
            options={options}
          />
        ))}
      </div>
      <div>
        <Button type="submit">{t("preview.apply")}</Button>
      </div>
    </form>
  );
}
