/** A list of addresses not to be written to, as another program or a colleague keeps it. Pure. */
import { calendarDay } from "#lib/machine/asked";
import { acceptAddress, addressFault } from "#lib/people/contacts/rules";

export type ListLine = { line: number; address: string; on: string | null };
/** `cure`: a key of the catalog (of `errors`, or whole), which says how to mend it. */
export type ListFault = { line: number; field: "address" | "day"; value: string; cure: string };

/**
 * One address a line, then perhaps the day it was asked (2026-03-14 or 14/03/2026), parted by a semicolon, a comma or a
 * tab. A first line without any @ is a heading. The same address twice counts once.
 */
export function readList(text: string, today: string): { lines: ListLine[]; faults: ListFault[] } {
  const lines: ListLine[] = [];
  const faults: ListFault[] = [];
  const seen = new Set<string>();
  for (const [at, raw] of text.split("\n").entries()) {
    if (raw.trim() === "" || (at === 0 && !raw.includes("@"))) continue;
    const line = at + 1;
    const [first = "", second = ""] = raw.split(/[;,\t]/).map(unquoted);
    const address = acceptAddress(first);
    const on = second === "" ? null : dayOf(second);
    if (address === null) faults.push({ line, field: "address", value: first, cure: cureOf(first) });
    else if (on === undefined || (on !== null && on > today))
      faults.push({ line, field: "day", value: second, cure: "oppositions.errors.day" });
    else if (!seen.has(address)) {
      seen.add(address);
      lines.push({ line, address, on });
    }
  }
  return { lines, faults };
}

const unquoted = (cell: string) =>
  cell
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .trim();

const cureOf = (text: string) => (text === "" ? "oppositions.errors.noAddress" : addressFault(text));

/** Undefined for no day. */
function dayOf(text: string): string | undefined {
  const [, day, month, year] = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text) ?? [];
  const iso = year ? `${year}-${month?.padStart(2, "0")}-${day?.padStart(2, "0")}` : text;
  return calendarDay.safeParse(iso).success ? iso : undefined;
}
