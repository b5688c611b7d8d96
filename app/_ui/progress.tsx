import { type ReactNode, useId } from "react";
import { cx } from "./class";
import { solidTone, type Tone } from "./tone";

type Props = {
  label: ReactNode;
  value: number;
  max: number;
  text?: ReactNode;
  tone?: Tone;
  labelHidden?: boolean;
};

/** How far something got, as a bar and in words. */
export function Progress({ label, value, max, text, tone = "brand", labelHidden }: Props) {
  const id = useId();
  const share = max > 0 ? Math.min(100, (value / max) * 100) : 0;
  return (
    <div className="flex flex-col gap-1.5">
      <div className={cx("flex justify-between gap-4 text-sm", labelHidden && !text && "sr-only")}>
        <span id={id} className={labelHidden ? "sr-only" : "font-medium"}>
          {label}
        </span>
        {text && <span className="nums text-faint">{text}</span>}
      </div>
      <div
        role="progressbar"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={value}
        className="h-2 overflow-hidden rounded-full bg-sunken outline-1 outline-transparent"
      >
        <div
          className={cx("h-full rounded-full transition-[width] duration-500", solidTone[tone])}
          style={{ width: `${share}%` }}
        />
      </div>
    </div>
  );
}
