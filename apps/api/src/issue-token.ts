import fs from 'node:fs';
import { AccountStore, Database, FirmStore } from '@ballast/persistence';
import { type Role, UseCaseError } from '@ballast/use-cases';
import { ConfigurationError, readApiConfig } from './api-config';
import { openSigningKey } from './authentication/signing-key';
import { signLocalToken } from './authentication/token';

export interface TokenRequest {
  /** Code of the firm the token shows. */
  readonly firm: string;
  readonly roles: readonly Role[];
  /** Codes of the only accounts the token shows; all of the firm when absent. */
  readonly accounts?: readonly string[];
  /** Who the token stands for; `desk` unless given. */
  readonly subject?: string;
  /** How long the token is good [hours]; a day unless given. */
  readonly hours?: number;
  /** Environment variables; those of the process unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Signs a token with the key of this installation, for whoever may read its DATA_DIR.
 *
 * @throws UseCaseError 'NOT_FOUND' for an unknown firm or account; ConfigurationError when tokens come from an identity
 *         provider
 */
export async function issueToken(request: TokenRequest): Promise<string> {
  const config = readApiConfig(request.environment ?? process.env, { demo: true });
  if (config.authentication.kind === 'jwks')
    throw new ConfigurationError('AUTH_JWKS_URL', 'tokens come from the identity provider named here');
  const database = new Database(() => config.persistence);
  try {
    const firm = await new FirmStore(database).findByCode(request.firm);
    if (firm === null) throw new UseCaseError('NOT_FOUND', `no firm has the code ${request.firm}`, 'firm');
    const accountIds = await findAccountIds(new AccountStore(database), firm.id, request.accounts);
    fs.mkdirSync(config.persistence.dataDir, { recursive: true });
    const key = openSigningKey(config.persistence.dataDir);
    const { subject = 'desk', hours = 24, roles } = request;
    const principal = { subject, firmId: firm.id, roles, ...(accountIds === undefined ? {} : { accountIds }) };
    return await signLocalToken(key, principal, hours);
  } finally {
    await database.close();
  }
}

async function findAccountIds(
  store: AccountStore,
  firmId: string,
  codes: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  if (codes === undefined) return undefined;
  const found = await store.findByCodes({ firmId }, codes);
  const unknown = codes.find((code) => !found.has(code));
  if (unknown !== undefined) throw new UseCaseError('NOT_FOUND', `no account has the code ${unknown}`, 'accounts');
  return [...found.values()].map(({ id }) => id);
}
