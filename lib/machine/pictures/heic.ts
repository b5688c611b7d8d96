/**
 * What telephones write: HEVC in HEIF, which `sharp` as published does not decode. libheif does, as WebAssembly, in a
 * thread of its own for each picture, so that a hostile one takes neither the process nor its memory with it.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Decoded, HeicFault, HeicTask } from "#lib/machine/pictures/heic-thread";

/** The largest photograph of today’s iPhones is 48.8 million pixels, decoded in 5 s and 430 MB of WebAssembly’s memory. */
const maxPixels = 50e6;
const maxMemory = 512 * 1024 * 1024;

/** Opaque to the bundler: the thread runs from the source, like the worker. */
const source = () => join(/* turbopackIgnore: true */ process.cwd(), "lib/machine/pictures/heic-thread.ts");

/** The pixels of a HEIC, upright, or why there are none. `milliseconds` is the time it may take. */
export async function decodeHeic(
  bytes: Uint8Array,
  milliseconds: number,
  limits = { maxPixels, maxMemory },
): Promise<Decoded | HeicFault | "tooSlow"> {
  const workerData: HeicTask = { bytes, ...limits };
  const thread = new Worker(source(), {
    workerData,
    execArgv: [],
    // What the decoder says of a broken picture is nobody's news: the refusal says it.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  const answer = Promise.withResolvers<Decoded | HeicFault | "tooSlow">();
  const timer = setTimeout(answer.resolve, milliseconds, "tooSlow");
  // A thread that died, of hunger for instance, could not read the picture.
  thread
    .on("message", answer.resolve)
    .on("error", () => answer.resolve("heic"))
    .on("exit", () => answer.resolve("heic"));
  try {
    return await answer.promise;
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
