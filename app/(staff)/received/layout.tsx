import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function MailboxLayout({ children }: { children: ReactNode }) {
  return (
    <Sentences of={["received.errors", "contacts.errors", "tasks.errors", "letters.errors"]}>
      {children}
    </Sentences>
  );
}
