/** The figures of an installation for Prometheus. Counts, ages and kinds of faults: nobody's name. */
import { timingSafeEqual } from "node:crypto";
import { Gauge, Registry } from "prom-client";
import { getHealth } from "#lib/machine/health/queries";
import { keyFor } from "#lib/machine/seal";
import { measure } from "./measures.ts";
import { faultKinds, findFaults } from "./rules.ts";

/** What a monitoring program shows to be answered; it goes with the installation's key. */
export const metricsToken = (): string => keyFor("metrics").toString("base64url");

export function isMetricsToken(authorization: string | null): boolean {
  const [given, wanted] = [Buffer.from(authorization ?? ""), Buffer.from(`Bearer ${metricsToken()}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Text in the format of Prometheus. A database that does not answer is an answer: `src_up` is 0. */
export async function writeMetrics(): Promise<{ type: string; text: string }> {
  const registry = new Registry();
  const gauge = (name: string, help: string, value: number | null) => {
    if (value !== null) new Gauge({ name: `src_${name}`, help, registers: [registry] }).set(value);
  };
  const { status, worker, queue } = await getHealth();
  gauge("up", "1 when the database answers", status === "down" ? 0 : 1);
  const measures = status === "down" ? null : await measure().catch(() => null);
  if (measures) {
    gauge("workers", "Workers that give signs of life", worker.count);
    gauge("worker_heartbeat_age_seconds", "Since the freshest sign of life", worker.heartbeatAge);
    gauge("queue_waiting", "Messages that wait, at most 10000 letters counted", queue.waiting);
    gauge("queue_oldest_due_seconds", "Since when the oldest due message waits", queue.oldestDue);
    gauge("disk_free_bytes", "Free on the disk of .data", measures.disk?.free ?? null);
    gauge("backup_age_seconds", "Since the last backup", ageOf(measures.backupAt, measures.now));
    gauge(
      "restore_age_seconds",
      "Since a backup was last restored for trial",
      ageOf(measures.drilledAt, measures.now),
    );
    const found = findFaults(measures);
    const faults = new Gauge({
      name: "src_faults",
      help: "Faults of each kind",
      labelNames: ["kind"],
      registers: [registry],
    });
    for (const kind of faultKinds) faults.set({ kind }, found.filter((fault) => fault.kind === kind).length);
  }
  return { type: registry.contentType, text: await registry.metrics() };
}

const ageOf = (at: Date | null, now: Date) => at && Math.round((now.getTime() - at.getTime()) / 1000);
