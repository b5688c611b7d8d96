/** Route handlers: only where the caller is a machine or wants a file. */

import { may, type Permission } from "#lib/department/permissions";
import { currentUser, type SessionUser } from "#lib/gates/session";
import { storable } from "#lib/machine/asked";

type Params = Record<string, string>;
/** Without parts in its address, a route has none. */
type Context = { params: Promise<Params | undefined> };

/** The parts of the address, as a column can hold them. */
const paramsOf = async ({ params }: Context): Promise<Params> =>
  Object.fromEntries(Object.entries((await params) ?? {}).map(([name, value]) => [name, storable(value)]));

/** A handler for signed-in staff: 401 without a session, 403 without the right. */
export const handler = (
  permission: Permission,
  work: (request: Request, user: SessionUser, params: Params) => Promise<Response>,
) => {
  const answer = async (request: Request, context: Context): Promise<Response> => {
    const user = await currentUser();
    if (!user) return Response.json({ error: "signed_out" }, { status: 401 });
    if (!may(user.role, permission)) return Response.json({ error: "forbidden" }, { status: 403 });
    return work(request, user, await paramsOf(context));
  };
  return Object.assign(answer, { permission });
};

/** A handler anybody may call: it must verify its own token, or tell nothing worth hiding. The gate test keeps the list. */
export const publicHandler = (work: (request: Request, params: Params) => Promise<Response>) => {
  const answer = async (request: Request, context: Context): Promise<Response> =>
    work(request, await paramsOf(context));
  return Object.assign(answer, { permission: null });
};
