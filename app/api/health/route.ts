import { publicHandler } from "#lib/gates/handler";
import { getHealth } from "#lib/machine/health/queries";

export const dynamic = "force-dynamic";

/** Public: counts and ages only. 503 as soon as mail would not leave. */
export const GET = publicHandler(async () => {
  const health = await getHealth();
  return Response.json(health, {
    status: health.status === "ok" ? 200 : 503,
    headers: { "Cache-Control": "no-store" },
  });
});
