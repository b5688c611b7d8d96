import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function LettersLayout({ children }: { children: ReactNode }) {
  return <Sentences of={["letters.compose", "letters.errors", "letters.live"]}>{children}</Sentences>;
}
