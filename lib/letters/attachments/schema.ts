/** How much may be joined to a letter. */
import { z } from "zod";
import { rowId } from "#lib/machine/asked";

/** Files of one letter. */
export const mostFiles = 10;
/** Bytes of a piece: as many thirds of a line of base64 as fit in 256 kB, so that pieces are encoded one by one. */
export const pieceBytes = 57 * 4_599;
/** Bytes of one message as it travels, which Gmail, the strictest of those we use, refuses beyond (25 MB). */
export const mostEncoded = 25 * 1024 * 1024;
/** Kept for the words and the header. */
const forWords = 512 * 1024;

/** Bytes that a file weighs in a mail: base64, in lines of 76 (RFC 2045, section 6.8), and its own header. */
export const encodedSize = (bytes: number): number => {
  const base64 = 4 * Math.ceil(bytes / 3);
  return base64 + 2 * Math.ceil(base64 / 76) + 1_024;
};

/** Whether files of these sizes can leave in one mail. */
export const fits = (sizes: number[]): boolean =>
  sizes.reduce((sum, size) => sum + encodedSize(size), forWords) <= mostEncoded;

/** The largest file that can leave, alone. */
export const largestFile = Math.floor(((mostEncoded - forWords - 1_024) * 57) / 78);

/** What the browser offers to choose; what is taken is decided by what the file holds. */
export const offered =
  ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.odg,.doc,.xls,.ppt,.rtf,.txt,.csv,.md,.ics,.vcf,.jpg,.jpeg,.png,.gif,.webp,.heic,.avif,.tif,.tiff,.mp3,.m4a,.mp4,.mov,.zip";

export const fileInput = z.object({ id: rowId() });
