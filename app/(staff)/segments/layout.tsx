import type { ReactNode } from "react";
import { Sentences } from "../../_shell/sentences";

export default function SegmentsLayout({ children }: { children: ReactNode }) {
  return <Sentences of={["segments"]}>{children}</Sentences>;
}
