import { useLocale, useTranslations } from "next-intl";
import type { Datum, Series } from "./chart";

type Props = { title: string; data: readonly Datum[]; series: readonly Series[]; unit?: string };

/** A chart's figures. */
export function ChartTable({ title, data, series, unit = "" }: Props) {
  const t = useTranslations("ui");
  const format = new Intl.NumberFormat(useLocale() === "en" ? "en-GB" : "fr-FR", {
    maximumFractionDigits: 1,
  });
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">{title}</caption>
        <thead className="text-faint">
          <tr>
            <th scope="col" className="py-1.5 pe-3 text-start font-medium">
              <span className="sr-only">{t("row")}</span>
            </th>
            {series.map((one) => (
              <th key={one.key} scope="col" className="px-3 py-1.5 text-end font-medium">
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {data.map((row) => (
            <tr key={row.label}>
              <th scope="row" className="py-1.5 pe-3 text-start font-normal">
                {row.label}
              </th>
              {series.map((one) => (
                <td key={one.key} className="nums px-3 py-1.5 text-end">
                  {typeof row[one.key] === "number"
                    ? `${format.format(Number(row[one.key]))}${unit}`
                    : row[one.key]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
