import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function TasksLayout({ children }: { children: ReactNode }) {
  return <Sentences of={["tasks.errors"]}>{children}</Sentences>;
}
