import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function RelaysLayout({ children }: { children: ReactNode }) {
  return <Sentences of={["dkim", "limits.errors", "oauth", "relays"]}>{children}</Sentences>;
}
