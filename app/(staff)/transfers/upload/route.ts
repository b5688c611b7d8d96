import { handler } from "#lib/gates/handler";
import { log } from "#lib/machine/log";
import { largest } from "#lib/machine/web/sizes";
import { inTurn, wholeFile } from "#lib/machine/web/uploads";
import { fileOf } from "#lib/sites/sources/multipart";
import { receiveFile } from "#lib/tax/transfers/files";
import { fileKind } from "#lib/tax/transfers/schema";

/** Takes a list of SOLTéA or a bank statement, named in the address, and leads to its preview; nothing is written yet. */
export const POST = handler("tax.edit", async (request, user) => {
  const place = await inTurn(user.id, () => read(request, user.id)).catch((error: unknown) => {
    log.warn({ err: error }, "upload interrupted");
    return "/transfers?problem=badUpload";
  });
  return new Response(null, {
    status: 303,
    headers: { location: place ?? "/transfers?problem=uploadsBusy" },
  });
});

/** Where the file leads: its preview, or what is wrong with it. */
async function read(request: Request, by: number): Promise<string> {
  const kind = fileKind.safeParse(new URL(request.url).searchParams.get("kind"));
  const file =
    request.body && kind.success && (await fileOf(request.headers.get("content-type") ?? "", request.body));
  if (!file) return "/transfers?problem=badUpload";
  const bytes = await wholeFile(file.bytes, largest.transfers);
  if (!bytes) return "/transfers?problem=tooBig";
  const received = await receiveFile(kind.data, file.name, bytes, by);
  if (received.ok) return `/transfers/files/${received.id}`;
  return received.reason === "fileKnown"
    ? `/transfers/files/${received.params?.id}?known`
    : `/transfers?problem=${received.reason}`;
}
