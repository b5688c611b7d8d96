/** The thread in which one HEIC is decoded, by libheif as WebAssembly; heic.ts starts it and ends it. */
import { parentPort, workerData } from "node:worker_threads";

export type Decoded = { data: Uint8ClampedArray<ArrayBuffer>; width: number; height: number };
export type HeicFault = "tooManyPixels" | "heic";
export type HeicTask = { bytes: Uint8Array; maxPixels: number; maxMemory: number };

const { bytes, maxPixels, maxMemory } = workerData as HeicTask;

// A thread's limits do not count what WebAssembly takes. This realm has no other use of it.
const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * 65_536 > maxMemory) throw new RangeError("too much memory");
  return grow.call(this, pages);
};

const { default: libheif } = await import("libheif-js/wasm-bundle.js");
const [image] = new libheif.HeifDecoder().decode(bytes);
if (!image) say("heic");
else if (image.get_width() * image.get_height() > maxPixels) say("tooManyPixels");
else show(image.get_width(), image.get_height());

function show(width: number, height: number): void {
  const data = new Uint8ClampedArray(width * height * 4);
  image?.display({ data, width, height }, (seen) =>
    seen ? parentPort?.postMessage({ data, width, height }, [data.buffer]) : say("heic"),
  );
}

function say(fault: HeicFault): void {
  parentPort?.postMessage(fault);
}
