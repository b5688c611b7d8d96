import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function PromiseLayout({ children }: { children: ReactNode }) {
  return <Sentences of={["tax.errors"]}>{children}</Sentences>;
}
