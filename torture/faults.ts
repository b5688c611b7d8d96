/**
 * Everything that can go wrong, in four rows: what the server says, what the wire does, what happens to the machines,
 * and what people do. Round after round each row gives its next fault; the rows' lengths have no common factor worth
 * speaking of and none exceeds ten, so any ten rounds in a row have them all, in ever new company.
 */
import { machines } from "./machines.ts";
import { people, rollingMinute } from "./people.ts";
import type { Random } from "./random.ts";
import { replies } from "./replies.ts";
import type { Scene } from "./scene.ts";
import type { Setup } from "./setup.ts";
import { surroundings } from "./surroundings.ts";
import { wires } from "./wires.ts";

export type Fault = {
  name: string;
  /** What the round must be prepared with. */
  prepare?: (setup: Setup, random: Random) => void;
  /** Does it, once, and returns when it is over. */
  run: (scene: Scene) => Promise<void> | void;
  /** Befalls the machines: one at a time. */
  machine?: true;
  /** From the beginning rather than somewhere in the middle. */
  early?: boolean;
};

export const rows: readonly (readonly Fault[])[] = [replies, wires, machines, people];
export const faults = [...rows.flat(), rollingMinute, ...Object.values(surroundings)];
