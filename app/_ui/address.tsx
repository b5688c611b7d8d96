import { Fragment } from "react";

/** An e-mail address: a line ends before its @ or one of its dots, never in the middle of a word that fits. */
export function Address({ children: address }: { children: string }) {
  const parts = address.split(/(?=[@.])/);
  return (
    <span className="wrap-break-word">
      {parts.map((part, index) => (
        <Fragment key={parts.slice(0, index + 1).join("")}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </span>
  );
}
