import type { ReactNode } from "react";

/** A page that only says something: not found, refused, failed. */
export function MessagePage({
  mark,
  title,
  children,
  actions,
}: {
  mark: ReactNode;
  title: string;
  children: ReactNode;
  actions: ReactNode;
}) {
  return (
    <div className="flex min-h-[60vh] flex-col items-center justify-center px-6 py-16 text-center">
      <title>{title}</title>
      <p
        aria-hidden
        className="mb-4 flex size-14 items-center justify-center rounded-2xl bg-brand-soft text-brand-text [&_svg]:size-7"
      >
        {mark}
      </p>
      <h1 className="font-display text-2xl font-semibold tracking-tight">{title}</h1>
      <div className="mt-2 max-w-md text-soft">{children}</div>
      <div className="mt-6 flex flex-wrap justify-center gap-3">{actions}</div>
    </div>
  );
}
