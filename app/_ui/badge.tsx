import type { ReactNode } from "react";
import { cx } from "./class";
import { softTone, solidTone, type Tone } from "./tone";

type Props = { tone?: Tone; dot?: boolean; icon?: ReactNode; className?: string; children: ReactNode };

/** A short state: « Envoyée », « Hard bounce ». The words carry the meaning, the colour only helps. */
export function Badge({ tone = "neutral", dot, icon, className, children }: Props) {
  return (
    <span
      className={cx(
        "inline-flex items-center gap-1.5 align-middle rounded-full border border-transparent px-2.5 py-0.5 text-[0.8125rem] leading-5 font-medium whitespace-nowrap [&_svg]:size-3.5",
        softTone[tone],
        className,
      )}
    >
      {dot && <span aria-hidden data-dot className={cx("size-1.5 rounded-full", solidTone[tone])} />}
      {icon}
      {children}
    </span>
  );
}
