import type { ReactNode } from "react";

type Props = { icon?: ReactNode; title: ReactNode; children?: ReactNode; actions?: ReactNode };

/** Nothing here yet: why, and what to do about it. */
export function EmptyState({ icon, title, children, actions }: Props) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-14 text-center">
      {icon && (
        <div
          aria-hidden
          className="mb-2 flex size-12 items-center justify-center rounded-2xl bg-brand-soft text-brand-text [&_svg]:size-6"
        >
          {icon}
        </div>
      )}
      <p className="font-display text-lg font-semibold">{title}</p>
      {children && <div className="max-w-md text-soft">{children}</div>}
      {actions && <div className="mt-3 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
