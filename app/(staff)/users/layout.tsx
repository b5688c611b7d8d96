import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function UsersLayout({ children }: { children: ReactNode }) {
  return <Sentences of={["users.errors"]}>{children}</Sentences>;
}
