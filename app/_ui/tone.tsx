/** What a colour means; the same six everywhere. */
export type Tone = "neutral" | "brand" | "good" | "warn" | "bad" | "info";

export const softTone: Record<Tone, string> = {
  neutral: "bg-sunken text-soft",
  brand: "bg-brand-soft text-brand-text",
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  info: "bg-info-soft text-info",
};

export const solidTone: Record<Tone, string> = {
  neutral: "bg-edge",
  brand: "bg-brand-text",
  good: "bg-good",
  warn: "bg-warn",
  bad: "bg-bad",
  info: "bg-info",
};
