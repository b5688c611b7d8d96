import { cx } from "./class";

type Props = { children: string; className?: string };

/** What a mail server answered, as it said it: in English (RFC 5321) unless its accents say otherwise. */
export function ServerWords({ children, className }: Props) {
  return (
    <code
      lang={/[À-ÿ]/.test(children) ? undefined : "en"}
      className={cx("text-[0.8125rem] [overflow-wrap:anywhere]", className)}
    >
      {children}
    </code>
  );
}
