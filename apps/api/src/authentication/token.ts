import type { Principal } from '@ballast/use-cases';
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey, type JWTVerifyOptions, SignJWT } from 'jose';
import type { JwksSettings } from '../api-config';
import { principalFromClaims } from './principal-claims';
import type { SigningKey } from './signing-key';

/** Issuer and audience of tokens this installation signs for itself. */
const localIssuer = 'ballast:local';
const localAudience = 'ballast';

/** Seconds by which clocks of issuer and service may differ. */
const clockTolerance = 60;

/** What jose says when the provider's keys were read and none fits: the token's fault, not an outage. */
const unknownKeyCodes = new Set([
  'ERR_JWKS_NO_MATCHING_KEY',
  'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
  'ERR_JOSE_NOT_SUPPORTED',
  'ERR_JWS_INVALID',
]);

/** A token that is not accepted; the message says why without quoting the token. */
export class TokenError extends Error {
  constructor(
    readonly code: 'UNAUTHENTICATED' | 'UNAVAILABLE',
    message: string,
  ) {
    super(message);
    this.name = 'TokenError';
  }
}

/** Turns a bearer token into who asks. @throws TokenError */
export type TokenVerifier = (token: string) => Promise<Principal>;

/** Verifies tokens against the keys an identity provider publishes; algorithms are fixed, never taken from the token. */
export function verifierOfJwks(settings: JwksSettings): TokenVerifier {
  const remoteKeys = createRemoteJWKSet(new URL(settings.jwksUrl), {
    timeoutDuration: 3_000,
    cooldownDuration: 10_000,
  });
  const keys: JWTVerifyGetKey = async (header, jws) => {
    try {
      return await remoteKeys(header, jws);
    } catch (error) {
      if (unknownKeyCodes.has((error as { code?: string }).code ?? '')) throw error;
      throw new TokenError('UNAVAILABLE', 'the keys of the identity provider cannot be read at the moment');
    }
  };
  return (token) =>
    verify(token, keys, {
      algorithms: ['EdDSA', 'RS256', 'ES256'],
      issuer: settings.issuer,
      audience: settings.audience,
    });
}

/** Verifies tokens of this installation's own key. */
export function verifierOfLocalKey(key: SigningKey): TokenVerifier {
  return (token) =>
    verify(token, async () => key.publicKey, { algorithms: ['EdDSA'], issuer: localIssuer, audience: localAudience });
}

/** Signs a token of this installation, valid for the given number of hours. */
export async function signLocalToken(key: SigningKey, principal: Principal, hours: number): Promise<string> {
  const { subject, firmId, roles, accountIds } = principal;
  return new SignJWT({ firm_id: firmId, roles, ...(accountIds === undefined ? {} : { accounts: accountIds }) })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' })
    .setSubject(subject)
    .setIssuer(localIssuer)
    .setAudience(localAudience)
    .setIssuedAt()
    .setExpirationTime(`${hours} hours`)
    .sign(key.privateKey);
}

async function verify(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<Principal> {
  let payload: unknown;
  try {
    const required = { clockTolerance, requiredClaims: ['sub', 'exp', 'iss', 'aud', 'firm_id', 'roles'] };
    ({ payload } = await jwtVerify(token, keys, { ...options, ...required }));
  } catch (error) {
    throw refusalOf(error);
  }
  const principal = principalFromClaims(payload);
  if (principal === null)
    throw new TokenError('UNAUTHENTICATED', 'the token lacks firm_id or roles, or their form is wrong');
  return principal;
}

function refusalOf(error: unknown): TokenError {
  if (error instanceof TokenError) return error;
  if (error instanceof errors.JWTExpired) return new TokenError('UNAUTHENTICATED', 'the token has expired');
  return new TokenError('UNAUTHENTICATED', 'the token is not valid here');
}
