import { useTranslations } from "next-intl";
import type { RowFault } from "#lib/tax/transfers/lines";
import { Alert } from "#ui/alert";

const shown = 50;

/** Each fault with its line, its column and its cure. */
export function Faults({ faults }: { faults: RowFault[] }) {
  const t = useTranslations("transfers");
  if (faults.length === 0) return null;
  return (
    <Alert tone="warn" title={t("preview.faults", { count: faults.length })}>
      <ul className="mt-1 list-disc ps-5">
        {faults.slice(0, shown).map(({ row, column, value, fault }) => (
          <li key={`${row} ${column}`} className="[overflow-wrap:anywhere]">
            {t(value ? "preview.fault" : "preview.faultEmpty", {
              row,
              column: t(`fields.${column}`),
              value,
              cure: t(`faults.${fault}`),
            })}
          </li>
        ))}
      </ul>
      {faults.length > shown && <p>{t("preview.moreFaults", { count: faults.length - shown })}</p>}
    </Alert>
  );
}
