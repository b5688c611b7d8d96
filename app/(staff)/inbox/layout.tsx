import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function InboxLayout({ children }: { children: ReactNode }) {
  return <Sentences of={["letters.errors", "letters.live"]}>{children}</Sentences>;
}
