/** What the system says of a process (Linux's /proc). */
import { readdirSync, readFileSync } from "node:fs";
import { loadavg } from "node:os";

const TICKS = 100;

/** CPU seconds of one process; with its ended children's when `children`. */
export function cpuOf(pid: number, children = false): number {
  const fields = statOf(pid);
  const sum = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  return (sum + (children ? Number(fields[13] ?? 0) + Number(fields[14] ?? 0) : 0)) / TICKS;
}

/** CPU seconds of a process and all that it started, those that have ended included. */
export function treeCpu(pid: number): number {
  return cpuOf(pid, true) + childrenOf(pid).reduce((sum, child) => sum + cpuOf(child, true), 0);
}

export function childrenOf(pid: number): number[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.map(Number).filter((one) => Number(statOf(one)[1]) === pid);
}

/** Resident megabytes: now, and the most there ever were. */
export function memoryOf(pid: number): { now: number; peak: number } {
  const status = read(`/proc/${pid}/status`);
  const megabytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  return { now: megabytes("VmRSS"), peak: megabytes("VmHWM") };
}

/** Processes waiting for a processor, on average over the last minute: what else the machine was doing. */
export const load = () => round(loadavg()[0] ?? 0);

export const round = (value: number): number =>
  Math.abs(value) < 100 ? Number(value.toPrecision(4)) : Math.round(value);

/** Fields of /proc/<pid>/stat after the name: state, parent… */
const statOf = (pid: number): string[] => read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // It has ended meanwhile.
    return "";
  }
}
