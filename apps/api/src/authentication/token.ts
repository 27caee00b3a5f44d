import type { Principal } from '@ballast/use-cases';
import {
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  SignJWT,
} from 'jose';
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

/** What a good token says. */
export interface VerifiedToken {
  readonly principal: Principal;
  /** When the token ends [ms since 1970]; clocks of issuer and service may differ by a minute beyond it. */
  readonly expiresAt: number;
}

/** Turns a bearer token into who asks, at once where that is known. @throws TokenError, by rejecting */
export type TokenVerifier = (token: string) => Promise<VerifiedToken> | VerifiedToken;

/** Tokens that were found good lately. */
export interface RememberedTokens {
  /** What a token says that is remembered; null for every other, good or bad. */
  readonly find: (token: string) => VerifiedToken | null;
  readonly verify: TokenVerifier;
}

/** Longest time a verified token is believed without looking again, so that a withdrawn key takes effect [ms]. */
const believedMs = 30_000;
/** Tokens remembered at most; the oldest go first. */
const rememberedMaximum = 2_000;

/**
 * Remembers tokens that were found good, because a signature costs more than most answers. Bad ones are never remembered,
 * and a good one is looked at again after half a minute or at its end, whichever is first.
 *
 * @param now  milliseconds since 1970
 */
export function rememberVerified(verify: TokenVerifier, now: () => number): RememberedTokens {
  const known = new Map<string, { readonly verified: VerifiedToken; readonly until: number }>();
  const verifyAnew = async (token: string): Promise<VerifiedToken> => {
    const verified = await verify(token);
    const [oldest] = known.keys();
    if (known.size >= rememberedMaximum && oldest !== undefined) known.delete(oldest);
    known.set(token, { verified, until: Math.min(now() + believedMs, verified.expiresAt) });
    return verified;
  };
  const find = (token: string): VerifiedToken | null => {
    const entry = known.get(token);
    if (entry !== undefined && now() < entry.until) return entry.verified;
    known.delete(token);
    return null;
  };
  return { find, verify: (token) => find(token) ?? verifyAnew(token) };
}

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

async function verify(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<VerifiedToken> {
  let payload: JWTPayload;
  try {
    const required = { clockTolerance, requiredClaims: ['sub', 'exp', 'iss', 'aud', 'firm_id', 'roles'] };
    ({ payload } = await jwtVerify(token, keys, { ...options, ...required }));
  } catch (error) {
    throw refusalOf(error);
  }
  const principal = principalFromClaims(payload);
  if (principal === null)
    throw new TokenError('UNAUTHENTICATED', 'the token lacks firm_id or roles, or their form is wrong');
  return { principal, expiresAt: (payload.exp ?? 0) * 1_000 };
}

function refusalOf(error: unknown): TokenError {
  if (error instanceof TokenError) return error;
  if (error instanceof errors.JWTExpired) return new TokenError('UNAUTHENTICATED', 'the token has expired');
  return new TokenError('UNAUTHENTICATED', 'the token is not valid here');
}
