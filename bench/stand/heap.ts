/** Loaded into a worker before its own program (`--expose-gc --import`): tells each second what is really held, on descriptor 3. */
import { writeSync } from "node:fs";

setInterval(() => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  writeSync(3, `${(heapUsed + external) / 1048576}\n`);
}, 1_000).unref();
