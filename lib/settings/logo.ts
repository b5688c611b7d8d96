/** What an uploaded logo really is: its first bytes decide, never its name or the browser's word. */

export const logoMaxBytes = 512 * 1024;

/** The media type of a PNG, JPEG or WebP; null for anything else. SVG can carry scripts: it is refused. */
export function logoType(bytes: Uint8Array): "image/png" | "image/jpeg" | "image/webp" | null {
  const begins = (mark: number[], at = 0) => mark.every((byte, i) => bytes[at + i] === byte);
  if (begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "image/png";
  if (begins([0xff, 0xd8, 0xff])) return "image/jpeg";
  // « RIFF », four bytes of length, « WEBP »
  if (begins([0x52, 0x49, 0x46, 0x46]) && begins([0x57, 0x45, 0x42, 0x50], 8)) return "image/webp";
  return null;
}
