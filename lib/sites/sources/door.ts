/** The door of the sites that send their people: from a request to its answer, in the terms of HTTP. */
import { idOf } from "#lib/machine/asked";
import { clientAddress } from "#lib/machine/web/seen";
import { findPushed, identifySender, receivePush, type Signed } from "#lib/sites/sources/push";

/**
 * POST: the signature is judged before the body is read; a run answers, to be watched at its `location`.
 * @unaudited The run is its own entry.
 */
export async function takePush(request: Request, key: string): Promise<Response> {
  const signed = signedOf(request, `/api/import/${key}`);
  const sender = await identifySender(key, signed, clientOf(request));
  if ("status" in sender) return new Response(null, sender);
  if (!request.body) return Response.json({ error: "empty" }, { status: 400 });
  const { status, error, runId } = await receivePush(sender.id, signed, request.body);
  const headers: Record<string, string> = { "cache-control": "no-store" };
  if (runId) headers.location = `/api/import/${key}/${runId}`;
  if (status === 409) headers["retry-after"] = "60";
  return Response.json(runId ? { run: runId } : { error }, { status, headers });
}

/**
 * GET: how a run stands, for the site that sent it.
 * @unaudited Nothing is changed but the nonce, which is spent.
 */
export async function tellPushed(request: Request, key: string, run: string): Promise<Response> {
  const signed = signedOf(request, `/api/import/${key}/${run}`);
  const sender = await identifySender(key, signed, clientOf(request));
  if ("status" in sender) return new Response(null, sender);
  const found = await findPushed(sender.id, idOf(run) ?? 0);
  return found
    ? Response.json(found, { headers: { "cache-control": "no-store" } })
    : new Response(null, { status: 404 });
}

/** By the front server's word, which no caller can write. */
export const clientOf = ({ headers }: Request): string => clientAddress(Object.fromEntries(headers));

/** What a request says of itself; the path is ours, whatever a proxy made of it. */
function signedOf(request: Request, path: string): Signed {
  const of = (name: string) => request.headers.get(name) ?? "";
  return {
    method: request.method === "POST" ? "POST" : "GET",
    path,
    bodySha256: of("x-src-content-sha256").toLowerCase(),
    idempotencyKey: of("idempotency-key"),
    time: of("x-src-time"),
    nonce: of("x-src-nonce"),
    signature: of("x-src-signature"),
  };
}
