import { handler } from "#lib/gates/handler";
import { log } from "#lib/machine/log";
import { largest } from "#lib/machine/web/sizes";
import { fileOf } from "#lib/sites/sources/multipart";
import { receiveFile } from "#lib/tax/transfers/files";
import { fileKind } from "#lib/tax/transfers/schema";

/** Takes a list of SOLTéA or a bank statement, named in the address, and leads to its preview; nothing is written yet. */
export const POST = handler("tax.edit", async (request, user) => {
  const kind = fileKind.safeParse(new URL(request.url).searchParams.get("kind"));
  try {
    const file =
      request.body && kind.success && (await fileOf(request.headers.get("content-type") ?? "", request.body));
    if (!file) return seeOther("/transfers?problem=badUpload");
    const bytes = await whole(file.bytes);
    if (!bytes) return seeOther("/transfers?problem=tooBig");
    const received = await receiveFile(kind.data, file.name, bytes, user.id);
    if (received.ok) return seeOther(`/transfers/files/${received.id}`);
    if (received.reason === "fileKnown") return seeOther(`/transfers/files/${received.params?.id}?known`);
    return seeOther(`/transfers?problem=${received.reason}`);
  } catch (error) {
    log.warn({ err: error }, "upload interrupted");
    return seeOther("/transfers?problem=badUpload");
  }
});

/** Null beyond what we take. */
async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Buffer | null> {
  const held: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > largest.transfers) return null;
    held.push(Buffer.from(piece));
  }
  return Buffer.concat(held);
}

const seeOther = (location: string) => new Response(null, { status: 303, headers: { location } });
