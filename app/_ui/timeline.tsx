import type { ReactNode } from "react";
import { cx } from "./class";
import { softTone, type Tone } from "./tone";

export type Moment = {
  id: string | number;
  icon?: ReactNode;
  tone?: Tone;
  title: ReactNode;
  /** The date and time in words; `dateTime` is its ISO form. */
  when: string;
  dateTime: string;
  children?: ReactNode;
};

export function Timeline({ moments, label }: { moments: readonly Moment[]; label: string }) {
  return (
    <ol aria-label={label} className="flex flex-col">
      {moments.map((moment) => (
        <li key={moment.id} className="group relative flex gap-3.5 pb-5 last:pb-0">
          <span aria-hidden className="absolute start-4 top-8 bottom-0 w-px bg-line group-last:hidden" />
          <span
            aria-hidden
            className={cx(
              "z-[1] flex size-8 shrink-0 items-center justify-center rounded-full [&_svg]:size-4",
              softTone[moment.tone ?? "neutral"],
            )}
          >
            {moment.icon ?? <span className="size-1.5 rounded-full bg-current" />}
          </span>
          <div className="min-w-0 flex-1 pt-1">
            <p className="leading-6">{moment.title}</p>
            <time dateTime={moment.dateTime} className="text-[0.8125rem] text-faint">
              {moment.when}
            </time>
            {moment.children && <div className="mt-1.5 text-sm text-soft">{moment.children}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
