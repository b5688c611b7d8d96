/**
 * Exact decimals as integers of a billionth. Binary fractions would put 0.1 × 3 above 0.3, and a threshold would then
 * depend on how a number was written.
 */
export const ONE = 1_000_000_000n;

/** A decimal as typed or as JSON read it, to the ninth decimal, half up. `value` must be finite and not negative. */
export function exact(value: number | string): bigint {
  const text = typeof value === "number" && value < 1e-6 ? value.toFixed(12) : String(value);
  const [whole = "0", fraction = ""] = text.split(".");
  const digits = fraction.padEnd(10, "0");
  const rest = Number(digits[9]) >= 5 ? 1n : 0n;
  return BigInt(whole) * ONE + BigInt(digits.slice(0, 9)) + rest;
}

/** `dividend / divisor` to the nearest integer, half up; both not negative. */
export const divide = (dividend: bigint, divisor: bigint) => (2n * dividend + divisor) / (2n * divisor);

/** `percent` of whole euros, in cents: one per cent of a euro is a cent. */
export const percentOf = (euros: bigint, percent: string) => divide(euros * exact(percent), ONE);

/** `percent` of cents, in cents. */
export const shareOf = (cents: bigint, percent: string) => divide(cents * exact(percent), 100n * ONE);

export const sum = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
