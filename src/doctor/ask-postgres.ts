import { Client } from "pg";

export const DATABASE_MS = 5000;

/** Over a connection of its own. Rejects where there is no answer in time. */
export async function askPostgres<Answer>(
  connectionString: string,
  ask: (client: Client) => Promise<Answer>,
): Promise<Answer> {
  const client = new Client({ connectionString, connectionTimeoutMillis: DATABASE_MS, query_timeout: DATABASE_MS });
  // Heard here: a connection that breaks later must not end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await ask(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
