/** Colours: the department gives two, every screen needs them readable (WCAG 2.2, 1.4.3) on light and on dark. */

type Rgb = [number, number, number];

const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];
/** The darkest tinted surface text stands on in the dark scheme. */
const night: Rgb = [43, 46, 58];

/** `#rrggbb` to its three channels. */
const rgb = (color: string): Rgb =>
  [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) as Rgb;
const hex = (color: Rgb) =>
  `#${color.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;

const linear = (channel: number) => {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const luminance = ([r, g, b]: Rgb) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
const ratio = (one: Rgb, other: Rgb) => {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};

/** Contrast of two `#rrggbb` colours, 1 to 21. */
export const contrast = (one: string, other: string): number => ratio(rgb(one), rgb(other));

/** White text must be readable on it, as on every primary button. */
export const isReadable = (color: string): boolean => contrast(color, "#ffffff") >= 4.5;

/** Moves a colour towards another by the smallest step after which `enough` holds. */
function towards(color: Rgb, end: Rgb, enough: (color: Rgb) => boolean): Rgb {
  for (let step = 0; step <= 50; step++) {
    const mixed = color.map((channel, i) => channel + ((end[i] ?? 0) - channel) * (step / 50)) as Rgb;
    if (enough(mixed)) return mixed;
  }
  return end;
}

/** CSS variables of the two colours, for both schemes; unreadable colours are bent until they can be read. */
export function brandVariables(primary: string, accent: string): Record<string, string> {
  const onLight = (color: string) => towards(rgb(color), black, (it) => ratio(it, white) >= 5.4);
  const onDark = (color: string) => towards(rgb(color), white, (it) => ratio(it, night) >= 4.8);
  const fill = towards(onLight(primary), white, (it) => ratio(it, white) <= 5);
  return {
    "--brand-on-light": hex(onLight(primary)),
    "--brand-on-dark": hex(onDark(primary)),
    "--brand-fill-dark": hex(fill),
    "--accent-on-light": hex(onLight(accent)),
    "--accent-on-dark": hex(onDark(accent)),
  };
}
