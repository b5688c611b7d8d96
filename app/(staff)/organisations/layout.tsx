import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function OrganisationsLayout({ children }: { children: ReactNode }) {
  return (
    <Sentences
      of={["contacts.errors", "letters.errors", "organisations.errors", "pledges.errors", "tasks.errors"]}
    >
      {children}
    </Sentences>
  );
}
