import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function TaxLayout({ children }: { children: ReactNode }) {
  return <Sentences of={["tax.errors"]}>{children}</Sentences>;
}
