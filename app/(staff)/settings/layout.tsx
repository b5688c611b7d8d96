import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return <Sentences of={["settings", "tax.errors"]}>{children}</Sentences>;
}
