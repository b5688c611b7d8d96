import { getHouse } from "#lib/department/settings/house";
import { handler } from "#lib/gates/handler";
import { keepFile, maxFileBytes } from "#lib/letters/campaigns/files";
import { keepImage } from "#lib/letters/campaigns/images";
import { refused } from "#lib/machine/result";
import { fileOf } from "#lib/sites/sources/multipart";

/** Files being held, each in memory with its 25 MB, by whom: hundreds at once would take the application with them. */
const held = new Map<number, number>();
const most = { ofOnePerson: 2, ofAll: 6 };

/**
 * Takes a picture (`?as=picture`) or a document as the composer sends it and answers its public address. A handler
 * and not an action, because actions are limited to small forms.
 */
export const POST = handler("campaigns.edit", async (request, user) => {
  const mine = held.get(user.id) ?? 0;
  const all = held.values().reduce((sum, count) => sum + count, 0);
  if (mine >= most.ofOnePerson || all >= most.ofAll)
    return Response.json(refused("uploadsBusy"), { status: 503 });
  held.set(user.id, mine + 1);
  try {
    return await keep(request, user.id);
  } finally {
    const left = (held.get(user.id) ?? 1) - 1;
    if (left === 0) held.delete(user.id);
    else held.set(user.id, left);
  }
});

async function keep(request: Request, by: number): Promise<Response> {
  const file = request.body && (await fileOf(request.headers.get("content-type") ?? "", request.body));
  if (!file) return Response.json(refused("notAFile"), { status: 400 });
  const bytes = await whole(file.bytes);
  if (!bytes) return Response.json(refused("tooBig"), { status: 413 });
  const picture = new URL(request.url).searchParams.get("as") === "picture";
  const kept = await (picture ? keepImage(bytes, by) : keepFile(bytes, file.name, by));
  if (!kept.ok) return Response.json(kept, { status: 422 });
  const folder = picture ? "images" : "files";
  return Response.json({
    ok: true,
    src: `${(await getHouse()).publicUrl}/api/${folder}/${kept.name}`,
    title: "title" in kept ? kept.title : "",
  });
}

/** Null as soon as it is more than either kind may be. */
async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array | null> {
  const held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxFileBytes) return null;
    held.push(chunk);
  }
  return Buffer.concat(held, size);
}
