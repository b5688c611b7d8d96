import Link from "next/link";
import type { ReactNode } from "react";
import { cx } from "./class";
import { solidTone, type Tone } from "./tone";

type Props = {
  label: ReactNode;
  value: ReactNode;
  note?: ReactNode;
  href?: string;
  tone?: Tone;
  icon?: ReactNode;
};

/** One figure and what it counts. */
export function Stat({ label, value, note, href, tone, icon }: Props) {
  const box = "flex min-w-0 flex-col gap-1 rounded-card border border-line bg-surface p-4 shadow-card";
  const inside = (
    <>
      <span className="flex items-center gap-2 text-sm text-faint [&_svg]:size-4">
        {tone && <span aria-hidden className={cx("size-2 rounded-full", solidTone[tone])} />}
        {icon}
        {label}
      </span>
      <span className="nums font-display text-2xl leading-tight font-semibold tracking-tight">{value}</span>
      {note && <span className="text-[0.8125rem] text-faint">{note}</span>}
    </>
  );
  return href ? (
    <Link href={href} className={cx(box, "transition-colors hover:border-edge")}>
      {inside}
    </Link>
  ) : (
    <div className={box}>{inside}</div>
  );
}

export function StatRow({ children }: { children: ReactNode }) {
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(9.5rem,1fr))] gap-3 lg:grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))]">
      {children}
    </div>
  );
}
