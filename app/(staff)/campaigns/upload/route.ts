import { getHouse } from "#lib/department/settings/house";
import { handler } from "#lib/gates/handler";
import { keepFile, maxFileBytes } from "#lib/letters/campaigns/files";
import { keepImage } from "#lib/letters/campaigns/images";
import { refused } from "#lib/machine/result";
import { inTurn, wholeFile } from "#lib/machine/web/uploads";
import { fileOf } from "#lib/sites/sources/multipart";

/**
 * Takes a picture (`?as=picture`) or a document as the composer sends it and answers its public address. A handler
 * and not an action, because actions are limited to small forms.
 */
export const POST = handler("campaigns.edit", async (request, user) => {
  const answer = await inTurn(user.id, () => keep(request, user.id));
  return answer ?? Response.json(refused("uploadsBusy"), { status: 503 });
});

async function keep(request: Request, by: number): Promise<Response> {
  const file = request.body && (await fileOf(request.headers.get("content-type") ?? "", request.body));
  if (!file) return Response.json(refused("notAFile"), { status: 400 });
  const bytes = await wholeFile(file.bytes, maxFileBytes);
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
