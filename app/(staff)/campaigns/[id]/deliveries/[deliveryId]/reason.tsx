import { useStopReason } from "../../stop-reason";

export function Reason({ reason }: { reason: string }) {
  return useStopReason()(reason);
}
