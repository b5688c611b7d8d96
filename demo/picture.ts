/** The letter's opening picture, painted rather than borrowed: an evening on a wide river, as a PNG. */
import { crc32, deflateSync } from "node:zlib";

const width = 1200;
const height = 540;

type Colour = readonly [number, number, number];
const sky: readonly [number, Colour][] = [
  [0, [28, 32, 78]],
  [0.32, [98, 58, 122]],
  [0.5, [226, 109, 92]],
  [0.62, [250, 190, 118]],
];
const horizon = 0.62;
const sun = { x: 0.68, y: 0.54, radius: 0.055 };
const water: Colour = [36, 34, 74];
const stone: Colour = [44, 30, 62];

export function paintEvening(): Uint8Array<ArrayBuffer> {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let py = 0; py < height; py++) {
    for (let px = 0; px < width; px++) {
      const at = py * (width * 3 + 1) + 1 + px * 3;
      const [red, green, blue] = colourAt(px / width, py / height);
      rows[at] = red;
      rows[at + 1] = green;
      rows[at + 2] = blue;
    }
  }
  return png(rows);
}

function colourAt(x: number, y: number): Colour {
  if (isBridge(x, y)) return stone;
  if (y < horizon) return isTown(x, y) ? mix(stone, skyAt(y), 0.25) : withSun(x, y, skyAt(y));
  // Water mirrors the sky, stretched and broken into ripples that widen towards us.
  const depth = (y - horizon) / (1 - horizon);
  const ripple = Math.sin(y * 900 - depth * 380 + Math.sin(x * 34 + y * 60) * 1.6) * 0.012 * (0.4 + depth);
  const mirrored = withSun(
    x + ripple * 3,
    Math.max(0, horizon - depth * horizon * 0.8 + ripple),
    skyAt(horizon - depth * horizon * 0.8 + ripple),
  );
  return mix(mirrored, water, 0.35 + depth * 0.35);
}

function skyAt(y: number): Colour {
  const at = Math.max(0, y);
  const next = sky.findIndex(([stop]) => stop >= at);
  const [above, below] = [sky[Math.max(0, next - 1)], sky[next] ?? sky.at(-1)];
  if (!above || !below || above === below) return below?.[1] ?? water;
  return mix(above[1], below[1], (at - above[0]) / (below[0] - above[0]));
}

function withSun(x: number, y: number, base: Colour): Colour {
  const distance = Math.hypot(x - sun.x, ((y - sun.y) * height) / width) / sun.radius;
  if (distance < 1) return [255, 236, 196];
  return mix(base, [255, 214, 150], Math.max(0, 0.55 - (distance - 1) * 0.11));
}

/** Seven arches between the left bank and the middle. */
function isBridge(x: number, y: number): boolean {
  if (x > 0.56) return false;
  const deck = 0.545 + (x - 0.28) ** 2 * 0.12;
  if (y < deck || y > 0.66) return false;
  if (y < deck + 0.018) return true;
  const within = ((x / 0.56) * 7) % 1;
  const arch = Math.sqrt(Math.max(0, 1 - ((within - 0.5) / 0.42) ** 2));
  return y < 0.66 - arch * (0.66 - deck - 0.03);
}

/** Roofs and two spires on the far bank. */
function isTown(x: number, y: number): boolean {
  const roofs =
    0.6 - 0.018 * Math.abs(Math.sin(x * 61) * Math.sin(x * 23 + 1)) - 0.008 * ((Math.floor(x * 90) * 7) % 3);
  const spire = (at: number, top: number) => y > top && Math.abs(x - at) < 0.0035 + (y - top) * 0.045;
  return y > roofs || spire(0.83, 0.47) || spire(0.858, 0.49);
}

const mix = (one: Colour, other: Colour, share: number): Colour => {
  const blend = (a: number, b: number) => Math.round(a + (b - a) * Math.min(1, Math.max(0, share)));
  return [blend(one[0], other[0]), blend(one[1], other[1]), blend(one[2], other[2])];
};

/** Eight bits a channel, no filter (W3C PNG, third edition). */
function png(rows: Buffer): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const file = Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
  return new Uint8Array(file);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
