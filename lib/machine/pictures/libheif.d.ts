/** What heic-thread.ts uses of libheif-js, whose own types describe another entrance. */
declare module "libheif-js/wasm-bundle.js" {
  type Seen = { data: Uint8ClampedArray; width: number; height: number };
  type Image = {
    get_width(): number;
    get_height(): number;
    /** Calls back with null when the picture cannot be decoded. */
    display(into: Seen, done: (seen: Seen | null) => void): void;
  };
  const libheif: { HeifDecoder: new () => { decode(bytes: Uint8Array): Image[] } };
  export default libheif;
}
