import { Fragment, type ReactNode } from "react";
import { MailLink } from "./mail-link";

/** An address as `Prose` reads it to make a link of it; empty when there is none. */
export const mail = (address: string) => address && `<${address}>`;

/** Paragraphs parted by an empty line, lists of « - » lines, **strong**, *emphasis*, `code` and <addresses>: all the help needs. */
export function Prose({ text }: { text: string }) {
  return (
    <div className="flex max-w-2xl flex-col gap-3 leading-relaxed text-soft">
      {text.split("\n\n").map((block) => (
        <Block key={block} text={block} />
      ))}
    </div>
  );
}

function Block({ text }: { text: string }) {
  if (!text.startsWith("- ")) return <p className="whitespace-pre-line">{inline(text)}</p>;
  return (
    <ul className="flex list-disc flex-col gap-1.5 ps-5 marker:text-faint">
      {text.split("\n").map((line) => (
        <li key={line}>{inline(line.slice(2))}</li>
      ))}
    </ul>
  );
}

/** Splits on the marks; the odd pieces are the marked ones. */
function inline(text: string): ReactNode {
  return text.split(/(\*\*[^*]+\*\*|\*[^*]+\*|`[^`]+`|<[^<>\s]+@[^<>\s]+>)/).map((piece, i) => {
    const key = `${i}${piece}`;
    if (piece.startsWith("**"))
      return (
        <strong key={key} className="font-semibold text-ink">
          {piece.slice(2, -2)}
        </strong>
      );
    if (piece.startsWith("*")) return <em key={key}>{piece.slice(1, -1)}</em>;
    if (piece.startsWith("`"))
      return (
        <code key={key} className="rounded bg-sunken px-1 py-0.5 text-[0.875em]">
          {piece.slice(1, -1)}
        </code>
      );
    if (piece.startsWith("<")) return <MailLink key={key}>{piece.slice(1, -1)}</MailLink>;
    return <Fragment key={key}>{piece}</Fragment>;
  });
}
