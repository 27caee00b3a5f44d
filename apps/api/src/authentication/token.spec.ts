import { createHmac, generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Principal } from '@ballast/use-cases';
import { exportJWK, SignJWT } from 'jose';
import { openSigningKey, type SigningKey } from './signing-key';
import {
  rememberVerified,
  signLocalToken,
  TokenError,
  type TokenVerifier,
  verifierOfJwks,
  verifierOfLocalKey,
} from './token';

const firmId = '5f0c9a52-3c1e-4a52-9a0e-0d5a6f1f0001';
const principal: Principal = { subject: 'ada', firmId, roles: ['risk'] };

async function refusal(verify: TokenVerifier, token: string): Promise<string> {
  try {
    await verify(token);
    return 'accepted';
  } catch (error) {
    if (error instanceof TokenError) return error.code;
    throw error;
  }
}

function newKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicKey };
}

interface Variant {
  readonly alg?: string;
  readonly claims?: Record<string, unknown>;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expires?: string | number;
  readonly notBefore?: number;
}

async function sign(key: SigningKey, variant: Variant = {}): Promise<string> {
  const token = new SignJWT({ firm_id: firmId, roles: ['risk'], ...variant.claims })
    .setProtectedHeader({ alg: variant.alg ?? 'EdDSA' })
    .setIssuer(variant.issuer ?? 'ballast:local')
    .setAudience(variant.audience ?? 'ballast')
    .setSubject('ada')
    .setIssuedAt()
    .setExpirationTime(variant.expires ?? '5 minutes');
  if (variant.notBefore !== undefined) token.setNotBefore(variant.notBefore);
  return token.sign(key.privateKey);
}

describe('the local signing key', () => {
  it('is made once, for its owner only, and read back at the next start', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-key-'));
    const first = openSigningKey(folder);
    const second = openSigningKey(folder);
    expect(second.publicKey.export({ type: 'spki', format: 'pem' })).toEqual(
      first.publicKey.export({ type: 'spki', format: 'pem' }),
    );
    expect(fs.readdirSync(folder)).toEqual(['token-signing-key.pem']);
    expect(fs.statSync(path.join(folder, 'token-signing-key.pem')).mode & 0o777).toBe(0o600);
    fs.rmSync(folder, { recursive: true });
  });
});

describe('tokens of this installation', () => {
  const key = newKey();
  const verify = verifierOfLocalKey(key);

  it('carry subject, firm, roles and the limit to accounts', async () => {
    const limited: Principal = { ...principal, accountIds: ['5f0c9a52-3c1e-4a52-9a0e-0d5a6f1f0002'] };
    expect((await verify(await signLocalToken(key, limited, 1))).principal).toEqual(limited);
    expect((await verify(await signLocalToken(key, principal, 1))).principal).toEqual(principal);
  });

  it('leave out roles the service does not know', async () => {
    const token = await sign(key, { claims: { roles: ['risk', 'superuser', 'constructor'] } });
    expect((await verify(token)).principal.roles).toEqual(['risk']);
  });

  const now = Math.floor(Date.now() / 1000);
  const forgeries: readonly [string, () => Promise<string> | string][] = [
    ['no token at all', () => ''],
    ['text that is no token', () => 'a.b.c'],
    ['alg none', () => `${encode({ alg: 'none' })}.${encode(claimsNow(now))}.`],
    ['an HMAC under the public key', () => hmacForgery(key, now)],
    ['another key', () => sign(newKey())],
    ['a changed payload', async () => (await sign(key)).replace(/\.[^.]+\./, `.${encode(claimsNow(now))}.`)],
    ['a token that expired', () => sign(key, { expires: now - 120 })],
    ['a token of tomorrow', () => sign(key, { notBefore: now + 86_400 })],
    ['another issuer', () => sign(key, { issuer: 'https://evil.example' })],
    ['another audience', () => sign(key, { audience: 'someone-else' })],
    ['no firm', () => sign(key, { claims: { firm_id: undefined } })],
    ['a firm that is no identifier', () => sign(key, { claims: { firm_id: "'; drop table firms" } })],
    ['roles that are no list', () => sign(key, { claims: { roles: 'admin' } })],
    ['accounts that are no identifiers', () => sign(key, { claims: { accounts: ['CC-001'] } })],
  ];

  it.each(forgeries)('refuse %s', async (_title, forge) => {
    expect(await refusal(verify, await forge())).toBe('UNAUTHENTICATED');
  });
});

describe('tokens of an identity provider', () => {
  const key = newKey();
  const settings = { kind: 'jwks', jwksUrl: '', issuer: 'https://id.example/', audience: 'ballast' } as const;
  const claims = { issuer: settings.issuer };
  let server: Server;
  let address = '';
  let body = '';

  beforeAll(async () => {
    body = JSON.stringify({ keys: [{ ...(await exportJWK(key.publicKey)), alg: 'EdDSA', use: 'sig' }] });
    server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  });
  afterAll(() => server.close());

  it('are accepted under a published key, refused under another', async () => {
    const verify = verifierOfJwks({ ...settings, jwksUrl: address });
    expect((await verify(await sign(key, claims))).principal).toEqual(principal);
    expect(await refusal(verify, await sign(newKey(), claims))).toBe('UNAUTHENTICATED');
    expect(await refusal(verify, await sign(key))).toBe('UNAUTHENTICATED');
  });

  it('say UNAVAILABLE while the provider cannot be reached, which is not the fault of the token', async () => {
    const verify = verifierOfJwks({ ...settings, jwksUrl: 'http://127.0.0.1:9/jwks' });
    expect(await refusal(verify, await sign(key, claims))).toBe('UNAVAILABLE');
  });
});

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function claimsNow(now: number): Record<string, unknown> {
  return { sub: 'eve', firm_id: firmId, roles: ['admin'], iss: 'ballast:local', aud: 'ballast', exp: now + 300 };
}

function hmacForgery(key: SigningKey, now: number): string {
  const signed = `${encode({ alg: 'HS256' })}.${encode(claimsNow(now))}`;
  const secret = key.publicKey.export({ type: 'spki', format: 'pem' });
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe('rememberVerified', () => {
  const answers = (expiresAt: number) => {
    let asked = 0;
    const verify: TokenVerifier = async (token) => {
      asked += 1;
      if (token !== 'good') throw new TokenError('UNAUTHENTICATED', 'the token is not valid here');
      return { principal, expiresAt };
    };
    return { verify, asked: () => asked };
  };

  it('asks again after half a minute, and at the end of the token', async () => {
    let now = 0;
    const { verify, asked } = answers(40_000);
    const { find, verify: remembered } = rememberVerified(verify, () => now);
    expect(find('good')).toBeNull();
    for (const at of [0, 1, 29_999]) {
      now = at;
      expect((await remembered('good')).principal).toEqual(principal);
    }
    expect([asked(), find('good')?.principal]).toEqual([1, principal]);
    now = 30_000;
    expect(find('good')).toBeNull();
    await remembered('good');
    expect(asked()).toBe(2);
    now = 40_000;
    await remembered('good');
    expect(asked()).toBe(3);
  });

  it('never believes a token that was refused', async () => {
    const { verify, asked } = answers(1e9);
    const { find, verify: remembered } = rememberVerified(verify, () => 0);
    for (let turn = 0; turn < 3; turn += 1) await expect(remembered('bad')).rejects.toThrow(TokenError);
    expect([asked(), find('bad')]).toEqual([3, null]);
  });
});
