import { handler } from "#lib/gates/handler";
import { countSegment, previewSegment } from "#lib/people/segments/queries";
import { criteriaInput } from "#lib/people/segments/schema";

/** For the live count: the form's fields in the query string. */
export const GET = handler("segments.read", async (request) => {
  const search = new URL(request.url).searchParams;
  const fields = Object.fromEntries([...new Set(search.keys())].map((key) => [key, search.getAll(key)]));
  const read = criteriaInput.safeParse(
    Object.fromEntries(Object.entries(fields).map(([key, all]) => [key, all.length > 1 ? all : all[0]])),
  );
  if (!read.success) return Response.json({ error: "criteria" }, { status: 422 });
  const [count, members] = await Promise.all([countSegment(read.data), previewSegment(read.data)]);
  return Response.json({ ...count, members });
});
