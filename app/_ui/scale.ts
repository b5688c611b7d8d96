/** What a chart needs to know before it is drawn. */

/** Round steps from nothing to just above `most`, four at most; whole numbers, since charts count. */
export function ticksFor(most: number): number[] {
  const rough = Math.max(most, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((n) => n * power >= rough) as number) * power);
  const count = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

type Bar = { row: number; key: string; left: number; width: number; from: number; size: number };

/** Where each bar stands: `left` and `width` in hundredths of the width, `from` and `size` in the figures' own unit. */
export function barsOf(
  data: readonly Record<string, string | number>[],
  keys: readonly string[],
  stacked: boolean,
): Bar[] {
  const room = 100 / Math.max(data.length, 1);
  const group = Math.min(room * 0.72, 12);
  const width = stacked ? group : group / keys.length;
  return data.flatMap((values, row) => {
    const start = room * row + (room - group) / 2;
    let below = 0;
    return keys.map((key, i) => {
      const size = Math.max(0, Number(values[key]) || 0);
      const from = stacked ? below : 0;
      below += size;
      return { row, key, left: stacked ? start : start + width * i, width, from, size };
    });
  });
}

/** Shares of their sum, in hundredths, each after the one before. */
export function sharesOf(values: readonly number[]): { from: number; size: number }[] {
  const whole = values.reduce((sum, value) => sum + value, 0) || 1;
  let from = 0;
  return values.map((value) => {
    const share = { from, size: (100 * value) / whole };
    from += share.size;
    return share;
  });
}
