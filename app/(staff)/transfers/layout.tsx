import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function TransfersLayout({ children }: { children: ReactNode }) {
  return <Sentences of={["transfers.errors"]}>{children}</Sentences>;
}
