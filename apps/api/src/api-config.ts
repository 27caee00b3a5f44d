import { availableParallelism } from 'node:os';
import {
  PersistenceError,
  type PersistenceOptions,
  persistenceOptionsFromEnv,
  persistenceVariables,
} from '@ballast/persistence';
import { type Role, roles } from '@ballast/use-cases';
import { z } from 'zod';
import { type LogLevel, logLevels } from './http/process-log';

/** A setting of the environment that cannot be used; the process ends with exit code 78 and names the key. */
export class ConfigurationError extends Error {
  /** Exit code of a process that cannot start for its configuration (sysexits EX_CONFIG). */
  readonly exitCode = 78;

  constructor(
    /** Name of the environment variable at fault. */
    readonly key: string,
    reason: string,
  ) {
    super(`${key}: ${reason}`);
    this.name = 'ConfigurationError';
  }
}

/** Where tokens are verified: keys published by an identity provider. */
export interface JwksSettings {
  readonly kind: 'jwks';
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
}

/** Tokens are signed and verified with a key of this installation; for a single desk and the demo. */
export interface LocalKeySettings {
  readonly kind: 'local-key';
}

export interface ApiConfig {
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  readonly host: string;
  readonly authentication: JwksSettings | LocalKeySettings;
  /** How much is logged. */
  readonly logLevel: LogLevel;
  /** Bearer token of whoever may read `/metrics`; without one only callers on this machine may. */
  readonly metricsToken: string | undefined;
  /** Lets webhooks go to http and to addresses of the operator's own network. */
  readonly allowPrivateWebhooks: boolean;
  /** Whether the schema may be read and GraphiQL is served. */
  readonly developerTools: boolean;
  /** Root fields one token may ask for per minute. */
  readonly ratePerMinute: number;
  /** Requests of one firm that are answered at once; others of it wait. */
  readonly firmConcurrency: number;
  /** File of the operations that are answered; all are where there is none. */
  readonly persistedOperationsFile: string | undefined;
  /** Roles that may send operations which are not on the list. */
  readonly adHocRoles: readonly Role[];
  /** Base address of an OpenTelemetry collector; no spans are sent without one. */
  readonly traceEndpoint: string | undefined;
  /** Shards of margin runs that each thread works on side by side; 0 leaves them to workers of their own. */
  readonly workerConcurrency: number;
  /** Threads that work on shards. */
  readonly workerThreads: number;
  /** Largest heap of one of them [MiB]. */
  readonly workerThreadMemory: number;
  /** How the record is reached; its `dataDir` also holds the local signing key. */
  readonly persistence: PersistenceOptions;
}

const text = z.string().trim().min(1, 'must not be empty');
const webAddress = text.refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), 'expected https://…');

const count = (most: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,9}$/, `expected a whole number from 1 to ${most}`)
    .transform(Number)
    .refine((value) => value <= most, `expected a whole number from 1 to ${most}`);

const environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'expected a port number 0…65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'expected a port number 0…65535')
    .default(4000),
  HOST: text.default('127.0.0.1'),
  AUTH_JWKS_URL: webAddress.optional(),
  AUTH_ISSUER: text.optional(),
  AUTH_AUDIENCE: text.optional(),
  LOG_LEVEL: z.enum(logLevels, `expected one of ${logLevels.join(', ')}`).optional(),
  METRICS_TOKEN: text.min(16, 'expected at least 16 characters').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: webAddress.optional(),
  WEBHOOKS_ALLOW_PRIVATE: z.enum(['on', 'off'], 'expected on or off').optional(),
  DEVELOPER_TOOLS: z.enum(['on', 'off'], 'expected on or off').optional(),
  RATE_LIMIT_PER_MINUTE: count(1_000_000_000).default(60_000),
  FIRM_CONCURRENCY: count(500).optional(),
  PERSISTED_OPERATIONS_FILE: text.optional(),
  AD_HOC_ROLES: z
    .string()
    .transform((value) => value.split(',').flatMap((word) => word.trim() || []))
    .pipe(z.array(z.enum(roles, `expected roles out of ${roles.join(', ')}, separated by commas`)))
    .default(['admin']),
  WORKER_CONCURRENCY: z
    .string()
    .regex(/^\d{1,2}$/, 'expected a whole number 0…64')
    .transform(Number)
    .refine((count) => count <= 64, 'expected a whole number 0…64')
    .default(1),
  WORKER_THREADS: count(64).default(() => Math.min(64, availableParallelism())),
  WORKER_THREAD_MEMORY: count(65_536)
    .refine((size) => size >= 128, 'expected a whole number from 128 to 65536')
    .default(2_048),
});

/** Every environment variable that the service reads; docs/operations.md explains each. */
export const configurationKeys: readonly string[] = [...Object.keys(environment.shape), ...persistenceVariables];

/**
 * Reads the configuration of the API from environment variables and checks all of it before anything starts.
 *
 * @param variables   the environment
 * @param mode.demo   true allows the local signing key next to DATABASE_URL
 * @throws ConfigurationError naming the first key at fault; the message never shows the value, which may be a secret
 */
export function readApiConfig(
  variables: Readonly<Record<string, string | undefined>>,
  mode: { readonly demo: boolean },
): ApiConfig {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigurationError(String(issue?.path[0] ?? 'environment'), issue?.message ?? 'cannot be read');
  }
  const settings = parsed.data;
  const persistence = readPersistenceOptions(variables);
  const mayUseLocalKey = mode.demo || persistence.databaseUrl === undefined;
  const authentication = authenticationOf(settings, mayUseLocalKey);
  return {
    port: settings.PORT,
    host: settings.HOST,
    authentication,
    // A demo talks to a person at a terminal, who wants to see the announcement and not every request.
    logLevel: settings.LOG_LEVEL ?? (mode.demo ? 'warn' : 'info'),
    metricsToken: settings.METRICS_TOKEN,
    allowPrivateWebhooks: settings.WEBHOOKS_ALLOW_PRIVATE === 'on',
    // An installation with an identity provider is one that others can reach: there the tools are asked for by name.
    developerTools: (settings.DEVELOPER_TOOLS ?? (authentication.kind === 'local-key' ? 'on' : 'off')) === 'on',
    ratePerMinute: settings.RATE_LIMIT_PER_MINUTE,
    firmConcurrency: settings.FIRM_CONCURRENCY ?? Math.max(1, Math.ceil(persistence.poolSize * 0.75)),
    persistedOperationsFile: settings.PERSISTED_OPERATIONS_FILE,
    adHocRoles: settings.AD_HOC_ROLES,
    traceEndpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
    workerConcurrency: settings.WORKER_CONCURRENCY,
    workerThreads: settings.WORKER_THREADS,
    workerThreadMemory: settings.WORKER_THREAD_MEMORY,
    persistence,
  };
}

function readPersistenceOptions(variables: Readonly<Record<string, string | undefined>>): PersistenceOptions {
  try {
    return persistenceOptionsFromEnv(variables);
  } catch (error) {
    if (!(error instanceof PersistenceError) || error.code !== 'CONFIGURATION_INVALID') throw error;
    const [key, ...reason] = error.message.split(': ');
    throw new ConfigurationError(key ?? 'environment', reason.join(': '));
  }
}

function authenticationOf(
  settings: z.infer<typeof environment>,
  mayUseLocalKey: boolean,
): JwksSettings | LocalKeySettings {
  const { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = settings;
  if (jwksUrl === undefined && issuer === undefined && audience === undefined) {
    if (mayUseLocalKey) return { kind: 'local-key' };
    throw new ConfigurationError('AUTH_JWKS_URL', 'required with DATABASE_URL, so that tokens can be verified');
  }
  if (jwksUrl === undefined) throw new ConfigurationError('AUTH_JWKS_URL', 'required beside the other AUTH_ keys');
  if (issuer === undefined) throw new ConfigurationError('AUTH_ISSUER', 'required with AUTH_JWKS_URL');
  if (audience === undefined) throw new ConfigurationError('AUTH_AUDIENCE', 'required with AUTH_JWKS_URL');
  return { kind: 'jwks', jwksUrl, issuer, audience };
}
