import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./class";
import type { Tone } from "./tone";
import { softTone } from "./tone";

const icons = {
  bad: CircleAlert,
  warn: TriangleAlert,
  good: CircleCheck,
  info: Info,
  neutral: Info,
  brand: Info,
};

type Props = {
  tone?: Tone;
  title?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children?: ReactNode;
};

/** A sentence that must be read. Bad news interrupts a screen reader, the rest waits. */
export function Alert({ tone = "info", title, actions, className, children }: Props) {
  const Icon = icons[tone];
  return (
    <div
      role={tone === "bad" ? "alert" : "status"}
      className={cx(
        // The border is for forced colours, which leave no other edge.
        "flex flex-wrap items-start gap-3 rounded-card border border-transparent px-4 py-3 text-[0.9375rem]",
        softTone[tone],
        className,
      )}
    >
      <div className="flex min-w-0 flex-1 basis-64 gap-3">
        <Icon aria-hidden className="mt-0.5 size-5 shrink-0" />
        <div className="min-w-0 flex-1">
          {title && <p className="font-semibold">{title}</p>}
          <div className="text-ink">{children}</div>
        </div>
      </div>
      {actions && <div className="flex shrink-0 flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
