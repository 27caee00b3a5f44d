import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openSigningKey } from '../../apps/api/src/authentication/signing-key';
import { signLocalToken } from '../../apps/api/src/authentication/token';
import { serve } from '../../apps/api/src/serve';
import type { TestDatabase } from './postgres';

/** The real server over a database that a test fills itself, asked by one person of one firm. */
export interface ServedFirm {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are read by tests that state their shape
  readonly ask: (query: string, variables?: object, subject?: string) => Promise<any>;
  readonly close: () => Promise<void>;
}

/** @param firmId  the firm of every token; roles: risk and back-office, and admin for other subjects than `ruth` */
export async function serveFirm(db: TestDatabase, firmId: string): Promise<ServedFirm> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-served-'));
  const environment = { ...db.environment, DATA_DIR: dataDir, PORT: '0', POOL_MAX: '4' };
  const api = await serve({ demo: true, environment, print: () => undefined });
  const key = openSigningKey(dataDir);
  const ask: ServedFirm['ask'] = async (query, variables = {}, subject = 'ruth') => {
    const roles = subject === 'ruth' ? (['risk', 'back-office'] as const) : (['admin'] as const);
    const token = await signLocalToken(key, { subject, firmId, roles: [...roles] }, 1);
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: unknown; errors?: readonly unknown[] };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };
  const close = async (): Promise<void> => {
    await api.close();
    fs.rmSync(dataDir, { recursive: true, force: true });
  };
  return { ask, close };
}
