import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { formatNumber } from "#lib/machine/format";
import { columnOf } from "./field-column";

type Props = {
  label: string;
  counts: Record<string, number>;
  current?: string;
  hrefOf: (field: string) => string;
};

/** The fields that a set changes, the most changed first, each leading to its changes alone. */
export function FieldLinks({ label, counts, current, hrefOf }: Props) {
  const t = useTranslations("contacts.fields");
  const locale = useLocale();
  if (Object.keys(counts).length === 0) return null;
  return (
    <nav aria-label={label} className="mb-4 flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {Object.entries(counts)
        .sort(([, a], [, b]) => b - a)
        .map(([field, count]) => (
          <Link
            key={field}
            href={hrefOf(field)}
            aria-current={field === current ? "page" : undefined}
            className={field === current ? "font-semibold" : "text-brand-text hover:underline"}
          >
            {t(columnOf(field))} ({formatNumber(count, locale)})
          </Link>
        ))}
    </nav>
  );
}
