import { handler } from "#lib/gates/handler";
import { joinFile } from "#lib/letters/attachments/mutations";
import { largestFile } from "#lib/letters/attachments/schema";
import { idOf } from "#lib/machine/asked";
import { refused } from "#lib/machine/result";
import { inTurn, wholeFile } from "#lib/machine/web/uploads";
import { fileOf } from "#lib/sites/sources/multipart";

/** Joins a file to a draft. A handler and not an action, because actions are limited to small forms. */
export const POST = handler("letters.send", async (request, user, { id = "" }) => {
  const answer = await inTurn(user.id, () => join(request, idOf(id) ?? 0, user.id));
  return answer ?? Response.json(refused("uploadsBusy"), { status: 503 });
});

async function join(request: Request, draftId: number, by: number): Promise<Response> {
  const file = request.body && (await fileOf(request.headers.get("content-type") ?? "", request.body));
  if (!file) return Response.json(refused("empty"), { status: 400 });
  const bytes = await wholeFile(file.bytes, largestFile);
  if (!bytes) return Response.json(refused("tooHeavy"), { status: 413 });
  const joined = await joinFile(draftId, { name: file.name, bytes }, by);
  return Response.json(joined, { status: joined.ok ? 200 : 422 });
}
