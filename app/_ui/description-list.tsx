import type { ReactNode } from "react";

export type Description = { label: string; value: ReactNode };

/** Facts with their names. Empty values are left out. */
export function DescriptionList({ items }: { items: readonly (Description | null | false | undefined)[] }) {
  return (
    <dl className="grid grid-cols-1 content-start gap-x-6 gap-y-3 sm:grid-cols-[minmax(8rem,auto)_1fr] sm:gap-y-2.5">
      {items.map(
        (item) =>
          item &&
          item.value !== null &&
          item.value !== "" &&
          item.value !== undefined && (
            <div key={item.label} className="contents max-sm:block">
              <dt className="text-sm leading-6 text-faint">{item.label}</dt>
              <dd className="min-w-0 [overflow-wrap:anywhere]">{item.value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
