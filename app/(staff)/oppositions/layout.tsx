import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function OppositionsLayout({ children }: { children: ReactNode }) {
  return <Sentences of={["oppositions"]}>{children}</Sentences>;
}
