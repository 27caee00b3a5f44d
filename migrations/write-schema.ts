import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EmbeddedPostgres, listSchema, runMigrations } from '@ballast/persistence';
import { Client } from 'pg';

/** Migrates an empty throw-away database and writes what came out to migrations/schema.sql of the current folder. */
async function main(): Promise<void> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-schema-'));
  fs.chmodSync(dataDir, 0o755);
  const server = await EmbeddedPostgres.acquire({ dataDir, settings: { fsync: 'off' }, durable: false });
  try {
    await runMigrations(server.ownerUrl);
    const client = new Client({ connectionString: server.ownerUrl });
    await client.connect();
    fs.writeFileSync(path.resolve('migrations/schema.sql'), await listSchema(client));
    await client.end();
  } finally {
    await server.release();
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
}

main().catch((failure: unknown) => {
  process.stderr.write(`${(failure as Error).message}\n`);
  process.exitCode = 1;
});
