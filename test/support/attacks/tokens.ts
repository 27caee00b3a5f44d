import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';
import { ask, type Attack, hasData, sendRaw } from './target';

const audience = 'ballast';
const kid = 'key-1';

/** An identity provider with one published key, and whatever else an attacker may sign with. */
export interface IdentityProvider {
  readonly environment: Readonly<Record<string, string>>;
  readonly sign: (claims: Record<string, unknown>, change?: TokenChange) => Promise<string>;
  readonly publicKey: KeyObject;
  readonly issuer: string;
  readonly close: () => Promise<void>;
}

interface TokenChange {
  readonly header?: Record<string, unknown>;
  readonly key?: KeyObject;
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds from now; null leaves the claim out. */
  readonly expires?: number | null;
  readonly notBefore?: number;
}

export async function openIdentityProvider(): Promise<IdentityProvider> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const keys = [{ ...(await exportJWK(publicKey)), alg: 'EdDSA', use: 'sig', kid }];
  const server = createServer((_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys })),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    publicKey,
    issuer,
    environment: { AUTH_JWKS_URL: `${issuer}/jwks`, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience },
    sign: (claims, change = {}) => {
      const now = Math.floor(Date.now() / 1_000);
      const token = new SignJWT(claims)
        .setProtectedHeader({ alg: 'EdDSA', kid, ...change.header })
        .setIssuer(change.issuer ?? issuer)
        .setAudience(change.audience ?? audience)
        .setIssuedAt();
      if (change.expires !== null) token.setExpirationTime(now + (change.expires ?? 600));
      if (change.notBefore !== undefined) token.setNotBefore(now + change.notBefore);
      return token.sign(change.key ?? privateKey);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Tokens nobody should accept. @param good  claims that would be accepted */
export async function forgeTokens(
  provider: IdentityProvider,
  good: Record<string, unknown>,
): Promise<Map<string, string>> {
  const { sign, publicKey, issuer } = provider;
  const other = generateKeyPairSync('ed25519');
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const full = { ...good, iss: issuer, aud: audience, exp: Math.floor(Date.now() / 1_000) + 600 };
  const unsigned = (header: object) => `${encode(header)}.${encode(full)}`;
  const hmac = (secret: string) => {
    const signed = unsigned({ alg: 'HS256', kid });
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  };
  const signed = await sign(good);
  const without = (claim: string) => Object.fromEntries(Object.entries(good).filter(([name]) => name !== claim));
  return new Map([
    ['alg none', `${unsigned({ alg: 'none', kid })}.`],
    ['HS256 under the public key', hmac(publicKey.export({ type: 'spki', format: 'pem' }) as string)],
    ['another audience', await sign(good, { audience: 'someone-else' })],
    ['another issuer', await sign(good, { issuer: 'https://evil.example' })],
    ['an unknown key identifier', await sign(good, { header: { kid: 'key-2' }, key: other.privateKey })],
    ['another key under the known identifier', await sign(good, { key: other.privateKey })],
    ['its own key in the header', await sign(good, { key: other.privateKey, header: { jwk: await exportJWK(other.publicKey) } })],
    ['an address of keys in the header', await sign(good, { key: other.privateKey, header: { jku: 'http://127.0.0.1:9/' } })],
    ['an end in the past', await sign(good, { expires: -120 })],
    ['no end', await sign(good, { expires: null })],
    ['a beginning in the future', await sign(good, { notBefore: 3_600 })],
    ['no firm', await sign(without('firm_id'))],
    ['no subject', await sign(without('sub'))],
    ['an unknown role only', await sign({ ...good, roles: ['superuser', '__proto__'] })],
    ['a changed payload', signed.replace(/\.[^.]+\./, `.${encode({ ...full, roles: ['admin'] })}.`)],
    ['15 500 characters', await sign({ ...good, padding: 'x'.repeat(11_400) })],
  ]); // prettier-ignore
}

/** Names of the variants `forgeTokens` makes, so that every one of them is a row of its own. */
export const forgedVariants = [
  'alg none', 'HS256 under the public key', 'another audience', 'another issuer', 'an unknown key identifier',
  'another key under the known identifier', 'its own key in the header', 'an address of keys in the header',
  'an end in the past', 'no end', 'a beginning in the future', 'no firm', 'no subject', 'an unknown role only',
  'a changed payload', '15 500 characters',
] as const; // prettier-ignore

const query = '{ accounts { totalCount } }';

export const tokenAttacks: readonly Attack[] = [
  ...forgedVariants.map((variant): Attack => ({
    list: 'token',
    name: `token with ${variant}`,
    check: async (target) => {
      const token = target.forged.get(variant);
      if (token === undefined) throw new Error(`no token was made with ${variant}`);
      const reply = await ask(target, query, {}, { authorization: `Bearer ${token}` });
      return hasData(reply) ? 'accepted' : null;
    },
  })),
  {
    list: 'token',
    name: 'two Authorization headers',
    check: async (target) => {
      const body = JSON.stringify({ query });
      const authorization = [`Bearer ${target.token}`, `Bearer ${target.forged.get('alg none')}`];
      const headers = { 'content-type': 'application/json', authorization };
      const { text } = await sendRaw(target, { path: '/graphql', headers, body });
      return text.includes('"totalCount":') ? 'one of them was chosen' : null;
    },
  },
  {
    list: 'token',
    name: 'token in the address, in a cookie, or none',
    check: async (target) => {
      const body = JSON.stringify({ query });
      const type = { 'content-type': 'application/json' };
      const replies = [
        await sendRaw(target, { path: `/graphql?access_token=${target.token}`, headers: type, body }),
        await sendRaw(target, { path: '/graphql', headers: { ...type, cookie: `token=${target.token}` }, body }),
        await sendRaw(target, { path: '/graphql', headers: type, body }),
      ];
      return replies.some(({ text }) => text.includes('"totalCount":')) ? 'accepted' : null;
    },
  },
];
