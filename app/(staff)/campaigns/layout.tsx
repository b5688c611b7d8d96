import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function CampaignsLayout({ children }: { children: ReactNode }) {
  return (
    <Sentences
      of={["campaigns.compose", "campaigns.errors", "campaigns.preview", "letters.errors", "tasks.errors"]}
    >
      {children}
    </Sentences>
  );
}
