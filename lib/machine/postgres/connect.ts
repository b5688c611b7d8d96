import { Client, type ClientConfig } from "pg";

/**
 * A connection of one's own, for whoever ends it. Lost on the way, what is being asked rejects, or what is asked next:
 * without a listener it would end the process too.
 */
export async function connect(databaseUrl: string, config: ClientConfig = {}): Promise<Client> {
  const client = new Client({ connectionString: databaseUrl, ...config });
  client.on("error", () => {});
  await client.connect();
  return client;
}
