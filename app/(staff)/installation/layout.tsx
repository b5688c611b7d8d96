import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function InstallationLayout({ children }: { children: ReactNode }) {
  return <Sentences of={["installation.errors"]}>{children}</Sentences>;
}
