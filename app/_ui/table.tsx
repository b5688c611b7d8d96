import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { cx } from "./class";

export type Column<R> = {
  key: string;
  label: string;
  /** Null for nothing: a dash, which a narrow screen leaves out. */
  cell: (row: R) => ReactNode;
  /** Figures: aligned at the end, all digits of one width. */
  numeric?: boolean;
  /** Names the row: a row header, first line of the card on a narrow screen. Once per table. */
  heading?: boolean;
  /** Kept for screen readers only (a column of buttons). */
  labelHidden?: boolean;
  /** Where a click on the label leads; `sorted` says which way it is now. */
  sortHref?: string;
  sorted?: "ascending" | "descending";
  /** Hidden below 1024 px. */
  wideOnly?: boolean;
  /** Its label is said beside its value on a narrow screen, as that of figures is. */
  labelled?: boolean;
  /** At the end of a narrow screen's first line, facing the heading: short. Once per table. */
  beside?: boolean;
};

type Props<R> = {
  /** Says what the table holds, for screen readers. */
  caption: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  rowKey: (row: R) => string | number;
  /** Shown instead of the table when there are no rows. */
  empty?: ReactNode;
  className?: string;
};

/** A real table on wide screens; at 390 px rows of two lines: the heading, then the rest as it flows. */
export function Table<R>({ caption, columns, rows, rowKey, empty, className }: Props<R>) {
  if (rows.length === 0 && empty) return empty;
  // A name and its figure fit on one line at any width.
  if (columns.length === 2) columns = columns.map((column) => ({ ...column, beside: column.numeric }));
  return (
    <div className={cx("overflow-x-auto", className)}>
      <table className="stacked w-full border-collapse text-[0.9375rem]">
        <caption className="sr-only">{caption}</caption>
        <thead className="bg-sunken/60 text-[0.8125rem] text-faint">
          <tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} />
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={rowKey(row)} className="transition-colors hover:bg-sunken/50">
              {columns.map((column) => (
                <Cell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const cellClass = <R,>(column: Column<R>) =>
  cx(
    "px-4 sm:first:ps-5 sm:last:pe-5",
    column.numeric && "nums text-end",
    column.wideOnly && "max-lg:hidden!",
    column.beside && "beside",
  );

function Head<R>({ column }: { column: Column<R> }) {
  const Arrow = column.sorted ? (column.sorted === "ascending" ? ArrowUp : ArrowDown) : ChevronsUpDown;
  return (
    <th
      scope="col"
      aria-sort={column.sorted}
      className={cx("h-10 font-medium whitespace-nowrap", !column.numeric && "text-start", cellClass(column))}
    >
      {column.sortHref ? (
        <Link
          href={column.sortHref}
          scroll={false}
          className={cx(
            "inline-flex min-h-8 items-center gap-1 rounded hover:text-ink",
            column.sorted && "text-ink",
          )}
        >
          {column.label}
          <Arrow aria-hidden className="size-3.5" />
        </Link>
      ) : (
        <span className={column.labelHidden ? "sr-only" : ""}>{column.label}</span>
      )}
    </th>
  );
}

const saysLabel = <R,>({ numeric, labelled, labelHidden, beside }: Column<R>) =>
  labelled || (numeric && !labelHidden && !beside);

function Cell<R>({ column, row }: { column: Column<R>; row: R }) {
  if (column.heading)
    return (
      <th
        scope="row"
        className={cx("py-2.5 font-medium", !column.numeric && "text-start", cellClass(column))}
      >
        {column.cell(row)}
      </th>
    );
  const content = column.cell(row);
  const nothing = content === null || content === undefined || content === false || content === "";
  return (
    <td
      // What a cell does not say is not sent fifty times either.
      {...(saysLabel(column) && { "data-label": column.label })}
      className={cx("py-2.5", cellClass(column), nothing && "nothing text-faint")}
    >
      {nothing ? "–" : content}
    </td>
  );
}

/** The link of a row's heading. */
export function RowLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      className="rounded font-medium text-ink underline-offset-3 hover:text-brand-text hover:underline pointer-coarse:inline-flex pointer-coarse:min-h-8 pointer-coarse:items-center"
    >
      {children}
    </Link>
  );
}
