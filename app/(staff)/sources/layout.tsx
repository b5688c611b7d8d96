import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function SourcesLayout({ children }: { children: ReactNode }) {
  return <Sentences of={["sources"]}>{children}</Sentences>;
}
