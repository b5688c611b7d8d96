import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function PrivacyLayout({ children }: { children: ReactNode }) {
  return <Sentences of={["privacy.errors"]}>{children}</Sentences>;
}
