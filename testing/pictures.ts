/** Pictures for tests, made when asked for but for one photograph. */
import { readFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";

/** A telephone's photograph lying on its side (EXIF orientation 6), with position, author and maker: 400 × 300. */
export const photo = readFileSync(new URL("pictures/photo-with-position.jpg", import.meta.url));

type Format = "jpeg" | "png" | "webp" | "gif" | "avif";

/** A picture that no encoder can make small. */
export const noise = (width: number, height: number, format: Format): Promise<Buffer> =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: "red",
      noise: { type: "gaussian", mean: 128, sigma: 60 },
    },
  })
    .toFormat(format)
    .toBuffer();

/** 40 × 30 and lying on its side, with EXIF, XMP, a colour profile and, in a PNG, text chunks. */
export async function withEverything(format: "jpeg" | "png" | "webp"): Promise<Buffer> {
  const bytes = await sharp(await noise(40, 30, "png"))
    .withExif({ IFD0: { Artist: "Auteur Exemple", Make: "Essai" }, IFD3: { GPSLatitudeRef: "N" } })
    .withXmp(
      '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><a>Auteur</a></x:xmpmeta>',
    )
    .withIccProfile("p3")
    .withMetadata({ orientation: 6 })
    .toFormat(format)
    .toBuffer();
  if (format !== "png") return bytes;
  const end = bytes.length - 12;
  const text = chunk("iTXt", Buffer.from("Author\0\0\0\0\0Auteur Exemple"));
  return Buffer.concat([bytes.subarray(0, end), text, bytes.subarray(end)]);
}

/** A PNG of one colour that says it is that large: a few kilobytes that open into gigabytes. */
export function bombPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const rows = deflateSync(Buffer.alloc(width * 3 + 1));
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", rows),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
