/** Colours are `#rrggbb`; contrast is the ratio of WCAG 2.2 (1 to 21). */

type Channels = [number, number, number];

export function channels(hex: string): Channels {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function toHex(rgb: Channels): string {
  return `#${rgb.map((c) => Math.round(c).toString(16).padStart(2, "0")).join("")}`;
}

export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = channels(hex).map((c) => {
    const s = c / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** `share` of `over` (0 to 1) laid on `under`. */
export function mix(over: string, under: string, share: number): string {
  const below = channels(under);
  return toHex(channels(over).map((c, i) => c * share + (below[i] ?? 0) * (1 - share)) as Channels);
}

/** The colour itself, or the nearest darker (on light) or lighter (on dark) one that can be read there. */
export function legible(colour: string, background: string, ratio = 4.6): string {
  const toward = contrast("#000000", background) > contrast("#ffffff", background) ? "#000000" : "#ffffff";
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(toward, colour, share);
    if (contrast(candidate, background) >= ratio) return candidate;
  }
  return toward;
}

/** White or near-black, whichever reads better on the given background. */
export function inkOn(background: string): string {
  return contrast("#ffffff", background) >= 4.5 ? "#ffffff" : legible("#16181d", background);
}

/** Same hue and saturation, lightness turned over: what night modes do to a colour they did not choose. */
export function invertLightness(hex: string): string {
  const rgb = channels(hex);
  const shift = 255 - Math.max(...rgb) - Math.min(...rgb);
  return toHex(rgb.map((c) => c + shift) as Channels);
}
