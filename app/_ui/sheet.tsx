import type { ReactNode } from "react";

type Props = { title: string; lead?: ReactNode; wide?: boolean; children: ReactNode };

/** The one card of a page without a session: title (also the document's) and what to do. */
export function Sheet({ title, lead, wide, children }: Props) {
  return (
    <section
      className={`w-full rounded-2xl border border-line bg-surface p-6 shadow-pop sm:p-9 ${wide ? "max-w-2xl" : "max-w-md"}`}
    >
      <title>{title}</title>
      <h1 className="font-display text-[1.625rem] leading-tight font-semibold tracking-[-0.015em]">
        {title}
      </h1>
      {lead && <div className="mt-2 wrap-break-word text-soft">{lead}</div>}
      <div className="mt-6">{children}</div>
    </section>
  );
}
