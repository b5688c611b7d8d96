import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function ContactsLayout({ children }: { children: ReactNode }) {
  return (
    <Sentences
      of={[
        "contacts.came",
        "contacts.errors",
        "letters.errors",
        "letters.selection",
        "privacy.errors",
        "tasks.errors",
      ]}
    >
      {children}
    </Sentences>
  );
}
