import { type ReactNode, useId } from "react";
import { cx } from "./class";

type Props = {
  title?: ReactNode;
  /** A sentence under the title. */
  description?: ReactNode;
  actions?: ReactNode;
  /** Without padding, for a table or a list that reaches the edges. */
  flush?: boolean;
  className?: string;
  children?: ReactNode;
};

export function Card({ title, description, actions, flush, className, children }: Props) {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={cx(
        "min-w-0 overflow-hidden rounded-card border border-line bg-surface shadow-card",
        className,
      )}
    >
      {(title || actions) && (
        <div
          className={cx(
            "flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-5 pt-4",
            flush ? "pb-3" : "pb-1",
          )}
        >
          <div className="min-w-0">
            <h2 id={id} className="font-display text-base leading-6 font-semibold">
              {title}
            </h2>
            {description && <p className="text-sm text-faint">{description}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
      )}
      <div className={flush ? "" : cx("px-5 pb-5", title ? "pt-2" : "pt-5")}>{children}</div>
    </section>
  );
}
