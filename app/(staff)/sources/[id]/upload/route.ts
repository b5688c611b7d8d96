import { handler } from "#lib/gates/handler";
import { idOf } from "#lib/machine/asked";
import { log } from "#lib/machine/log";
import { fileOf } from "#lib/sites/sources/multipart";
import { receiveUpload } from "#lib/sites/sources/upload";

/** Takes a file as it comes and leaves it to the worker; answers with the page of its run. */
export const POST = handler("sources.sync", async (request, user, params) => {
  const id = idOf(params.id) ?? 0;
  try {
    const file = request.body && (await fileOf(request.headers.get("content-type") ?? "", request.body));
    if (!file) return seeOther(`/sources/${id}?problem=badUpload`);
    const result = await receiveUpload(id, file.name, file.bytes, user.id);
    if (!result.ok) return seeOther(`/sources/${id}?problem=${result.reason}`);
    return seeOther(`/sources/runs/${result.runId}`);
  } catch (error) {
    log.warn({ sourceId: id, err: error }, "upload interrupted");
    return seeOther(`/sources/${id}?problem=badUpload`);
  }
});

const seeOther = (location: string) => new Response(null, { status: 303, headers: { location } });
