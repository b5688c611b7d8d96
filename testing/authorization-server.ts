/** For tests: a real authorization server on loopback that grants, renews, introspects and revokes (RFC 6749, 7636, 7662). */
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const client = { id: "client-1", secret: "le secret du client" };

export async function startAuthorizationServer(user: string) {
  const state = {
    url: "",
    /** What each request for a token asked for, in order. */
    asked: [] as string[],
    /** Seconds; of the tokens granted from now on. */
    lifetime: 3_600,
    /** Milliseconds before each answer. */
    delay: 0,
    /** Answers this instead, once set. */
    broken: null as number | null,
    accessTokens: new Set<string>(),
    refreshTokens: new Set<string>(),
    codes: new Map<string, { challenge: string; redirectUri: string }>(),
    /** Agrees as the account's owner would at the address the application gave; answers where the browser goes then. */
    agree(address: string): URL {
      const asked = new URL(address).searchParams;
      const code = randomBytes(8).toString("hex");
      const redirectUri = asked.get("redirect_uri") ?? "";
      state.codes.set(code, { challenge: asked.get("code_challenge") ?? "", redirectUri });
      const back = new URL(redirectUri);
      back.searchParams.set("code", code);
      back.searchParams.set("state", asked.get("state") ?? "");
      return back;
    },
    revoke() {
      state.accessTokens.clear();
      state.refreshTokens.clear();
    },
    close: async () => {},
  };

  function granted(withRefresh: boolean) {
    const accessToken = randomBytes(12).toString("hex");
    state.accessTokens.add(accessToken);
    const refreshToken = randomBytes(12).toString("hex");
    if (withRefresh) state.refreshTokens.add(refreshToken);
    return {
      access_token: accessToken,
      expires_in: state.lifetime,
      token_type: "Bearer",
      ...(withRefresh && { refresh_token: refreshToken }),
    };
  }

  function answerTo(form: URLSearchParams): [number, object] {
    const grant = form.get("grant_type") ?? "";
    state.asked.push(grant);
    if (form.get("client_id") !== client.id || form.get("client_secret") !== client.secret)
      return [401, { error: "invalid_client" }];
    if (grant === "refresh_token")
      return state.refreshTokens.has(form.get("refresh_token") ?? "")
        ? [200, granted(false)]
        : [400, { error: "invalid_grant" }];
    const code = state.codes.get(form.get("code") ?? "");
    state.codes.delete(form.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    return code?.challenge === challenge && code.redirectUri === form.get("redirect_uri")
      ? [200, granted(true)]
      : [400, { error: "invalid_grant" }];
  }

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (state.delay > 0) await new Promise((resolve) => setTimeout(resolve, state.delay));
    const say = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const url = new URL(request.url ?? "", "http://localhost");
    if (url.pathname === "/introspect") {
      const active = state.accessTokens.has(url.searchParams.get("token") ?? "");
      return say(active ? 200 : 401, active ? { active, email: user } : { error: "invalid_token" });
    }
    if (state.broken) return say(state.broken, { error: "server_error" });
    say(...answerTo(new URLSearchParams(Buffer.concat(chunks).toString("utf8"))));
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  state.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return state;
}

export type AuthorizationServer = Awaited<ReturnType<typeof startAuthorizationServer>>;
