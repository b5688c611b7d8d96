/**
 * What a picture becomes before anybody sees it: decoded, turned upright, scaled down and written anew, so that
 * nothing of the file that came is left but its pixels. Position, author, maker and whatever was glued to it are gone.
 */
import { fileTypeFromBuffer } from "file-type";
import sharp, { type Sharp } from "sharp";
import { decodeHeic } from "#lib/machine/pictures/heic";
import { type Refusal, type Result, refused } from "#lib/machine/result";

export const maxPictureBytes = 25 * 1024 * 1024;
/** The largest photograph of today’s telephones is 108 million pixels; a bomb has thousands of millions. */
const maxPixels = 120e6;
const withinSeconds = 20;

export const pictureTypes = { jpg: "image/jpeg", png: "image/png", gif: "image/gif" } as const;
export type Extension = keyof typeof pictureTypes;
export type Picture = {
  extension: Extension;
  type: (typeof pictureTypes)[Extension];
  bytes: Uint8Array<ArrayBuffer>;
};
export type PictureFault = "tooBig" | "notAnImage" | "heic" | "damaged" | "tooManyPixels" | "tooSlow";

type Wish = {
  /** In pixels; nothing is enlarged. */
  box: { width: number; height: number };
  /** Another format than the best one: that of a name already given. */
  as?: Extension;
  /** Takes what can be seen of a file that stops before its end. */
  lenient?: boolean;
};

// Only decoders of what we accept: an SVG, a PDF or a script renamed finds none.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["Jpeg", "Png", "Webp", "Nsgif", "Heif"].map((name) => `VipsForeignLoad${name}`),
});
sharp.cache(false);
sharp.concurrency(1);

/**
 * The picture to show instead of `bytes`: PNG, JPEG or GIF, which every mail program shows. One at a time: a large
 * photograph takes a few hundred megabytes while it is open.
 */
export async function cleanPicture(
  bytes: Uint8Array,
  wish: Wish,
): Promise<Result<{ picture: Picture }, PictureFault>> {
  if (bytes.length > maxPictureBytes) return refused("tooBig");
  const kind = (await fileTypeFromBuffer(bytes))?.mime ?? startsAsJpeg(bytes);
  const heic = /^image\/hei[cf]$/.test(kind ?? "");
  if (!heic && !/^image\/(jpeg|a?png|webp|gif|avif)$/.test(kind ?? "")) return refused("notAnImage");
  return inTurn(async () => {
    try {
      const picture = heic ? await ofHeic(bytes, wish) : await rewritten(bytes, wish);
      if (typeof picture === "string") return refused(picture);
      return picture.bytes.length > maxPictureBytes ? refused("tooBig") : { ok: true as const, picture };
    } catch (error) {
      return faultOf(error as Error);
    }
  });
}

/** Too short for `file-type`, but announced as a JPEG: damaged rather than of another kind. */
const startsAsJpeg = (bytes: Uint8Array) =>
  bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff ? "image/jpeg" : undefined;

let turn: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  turn = mine;
  return mine;
}

/** Always a photograph: a telephone took it. */
async function ofHeic(bytes: Uint8Array, { box, as = "jpg" }: Wish): Promise<Picture | PictureFault> {
  const decoded = await decodeHeic(bytes, withinSeconds * 1000);
  if (typeof decoded === "string") return decoded;
  const { data, width, height } = decoded;
  const picture = sharp(data, { raw: { width, height, channels: 4 } });
  return encoded(picture.resize({ ...box, fit: "inside", withoutEnlargement: true }), as);
}

async function rewritten(bytes: Uint8Array, { box, as, lenient }: Wish): Promise<Picture> {
  const open = (animated: boolean) =>
    sharp(bytes, { animated, failOn: lenient ? "none" : "error", limitInputPixels: maxPixels })
      .timeout({ seconds: withinSeconds })
      .autoOrient()
      .resize({ ...box, fit: "inside", withoutEnlargement: true });
  const { pages = 1, format } = await sharp(bytes, { limitInputPixels: maxPixels }).metadata();
  if (pages > 1 && (!as || as === "gif")) return encoded(open(true), "gif");
  const { data, info } = await open(false).toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const pixels = () => sharp(data, { raw: { width, height, channels: channels as 1 | 2 | 3 | 4 } });
  if (as) return encoded(pixels(), as);
  if (format === "jpeg") return encoded(pixels(), "jpg");
  const png = await smallPng(pixels);
  if (channels % 2 === 0 && !(await pixels().stats()).isOpaque) return png;
  // A drawing is smaller as a PNG and would blur as a JPEG; a photograph saved as a PNG is neither.
  const jpg = await encoded(pixels(), "jpg");
  return jpg.bytes.length * 2 < png.bytes.length ? jpg : png;
}

/** Transparent photographs are cut down to 256 colours rather than sent to thousands at several megabytes each. */
async function smallPng(pixels: () => Sharp): Promise<Picture> {
  const whole = await encoded(pixels(), "png");
  if (whole.bytes.length < 1e6) return whole;
  const cut = await pixels().png({ palette: true, quality: 90 }).toBuffer();
  return { ...whole, bytes: new Uint8Array(cut) };
}

async function encoded(picture: Sharp, extension: Extension): Promise<Picture> {
  const written = {
    // Transparency becomes white, as paper, not black.
    jpg: () => picture.flatten({ background: "#ffffff" }).jpeg({ quality: 82, mozjpeg: true }),
    png: () => picture.png({ compressionLevel: 9 }),
    gif: () => picture.gif(),
  }[extension]();
  return { extension, type: pictureTypes[extension], bytes: new Uint8Array(await written.toBuffer()) };
}

function faultOf({ message }: Error): Refusal<PictureFault> {
  if (/pixel limit|dimensions exceed/i.test(message)) return refused("tooManyPixels");
  if (/timeout/i.test(message)) return refused("tooSlow");
  return refused("damaged");
}
