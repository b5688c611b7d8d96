import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function PledgesLayout({ children }: { children: ReactNode }) {
  return (
    <Sentences
      of={[
        "letters.errors",
        "pledges.board",
        "pledges.channels",
        "pledges.errors",
        "pledges.move",
        "pledges.states",
      ]}
    >
      {children}
    </Sentences>
  );
}
