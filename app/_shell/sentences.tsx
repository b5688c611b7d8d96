import { type Messages, type NamespaceKeys, type NestedKeyOf, NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";

/** A part of the catalog: `ui`, `relays.fields`. */
type Part = NamespaceKeys<Messages, NestedKeyOf<Messages>>;

/** What the components of every page say in the browser. */
const everywhere: Part[] = ["app.error", "errors", "ui"];

/**
 * The sentences that the client components below say, and no others: a page carries these, never the catalog. What is
 * around is not inherited. `sentences.test.ts` names the part that is missing, or that nobody says.
 */
export async function Sentences({ of = [], children }: { of?: Part[]; children: ReactNode }) {
  const catalog = await getMessages();
  return (
    <NextIntlClientProvider messages={pick(catalog, [...everywhere, ...of])}>
      {children}
    </NextIntlClientProvider>
  );
}

type Tree = { [key: string]: Tree | string };

function pick(catalog: Messages, parts: Part[]): Messages {
  const picked: Tree = {};
  for (const part of parts) {
    const path = part.split(".");
    const last = path.pop() as string;
    let [from, to] = [catalog as Tree, picked];
    for (const key of path) {
      to[key] = { ...(to[key] as Tree) };
      [from, to] = [from[key] as Tree, to[key] as Tree];
    }
    to[last] = from[last] as Tree;
  }
  return picked as Messages;
}
