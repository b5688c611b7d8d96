import { Address } from "./address";

/** An e-mail address that one writes to by touching it. */
export function MailLink({ children: address }: { children: string }) {
  return (
    <a
      href={`mailto:${address}`}
      className="rounded font-medium text-brand-text underline underline-offset-3"
    >
      <Address>{address}</Address>
    </a>
  );
}
