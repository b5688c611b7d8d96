import type { PledgeState } from "#lib/tax/pledges/rules";
import type { Tone } from "#ui/tone";

export const toneOf: Record<PledgeState, Tone> = {
  to_solicit: "neutral",
  solicited: "info",
  pledged: "brand",
  allocated: "brand",
  received: "good",
  thanked: "good",
  refused: "bad",
  lapsed: "warn",
  unallocated: "warn",
};
