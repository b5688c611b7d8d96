import { publicHandler } from "#lib/gates/handler";
import { isMetricsToken, writeMetrics } from "#lib/office/watch/metrics";

export const dynamic = "force-dynamic";

/** For a monitoring program that shows the token of the page Installation. */
export const GET = publicHandler(async (request) => {
  if (!isMetricsToken(request.headers.get("authorization"))) return new Response(null, { status: 401 });
  const { type, text } = await writeMetrics();
  return new Response(text, { headers: { "Content-Type": type, "Cache-Control": "no-store" } });
});
