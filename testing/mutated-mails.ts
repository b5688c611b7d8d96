/** Returned mails of both corpora, and what wires, gateways and mischief make of them: the same for the same seed. */
import { readdirSync, readFileSync } from "node:fs";

/** Every mail of testing/corpus and testing/french. */
export function cases(): Buffer[] {
  const corpus = new URL("corpus/sisimai/", import.meta.url);
  const french = ["people", "machines"].flatMap((name) =>
    readFileSync(new URL(`french/${name}.mbox`, import.meta.url), "utf8")
      .split(/^(?=From )/m)
      .map((mail) => Buffer.from(mail.slice(mail.indexOf("\n") + 1))),
  );
  return [...readdirSync(corpus).map((file) => readFileSync(new URL(file, corpus))), ...french];
}

export type Draw = (below: number) => number;

/** Numbers from 0 to below `below`, the same for the same seed. */
export function draws(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * Math.max(1, below));
  };
}

/** One of the mails, damaged: bytes changed, then a piece cut out, repeated up to thirty times, or put into another mail. */
export function mutated(mails: Buffer[], draw: Draw): Buffer {
  const pick = () => mails[draw(mails.length)] ?? Buffer.alloc(0);
  const copy = Buffer.from(pick());
  for (let change = draw(16); change > 0; change--) copy[draw(copy.length)] = draw(256);
  const from = draw(copy.length);
  const piece = copy.subarray(from, from + draw(2_000));
  const ways = [
    () => [copy.subarray(0, from), copy.subarray(from + piece.length)],
    () => [copy.subarray(0, from), ...Array.from({ length: draw(30) }, () => piece), copy.subarray(from)],
    () => [copy.subarray(0, from), pick().subarray(draw(4_000))],
    () => [copy.subarray(0, from)],
  ];
  return Buffer.concat(ways[draw(ways.length)]?.() ?? []);
}
