import { Fragment } from "react";

/** The address of a page: a line ends after its slashes and before its marks, never in the middle of a word that fits. */
export function WebAddress({ children: address, className = "" }: { children: string; className?: string }) {
  return (
    <span className={`wrap-break-word ${className}`}>
      {address.split(/(?<=[^:/]\/|\/\/)(?!\/)|(?=[?&#=._-])/).map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, never moved
        <Fragment key={i}>
          {i > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </span>
  );
}
