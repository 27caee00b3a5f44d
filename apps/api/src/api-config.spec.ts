import fs from 'node:fs';
import path from 'node:path';
import { ConfigurationError, configurationKeys, readApiConfig } from './api-config';

const keyOf = (variables: Record<string, string>, demo = false): string => {
  try {
    readApiConfig(variables, { demo });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.key;
    throw error;
  }
  return 'accepted';
};

describe('readApiConfig', () => {
  it('has a default for everything a single desk needs', () => {
    const config = readApiConfig({}, { demo: false });
    expect(config).toMatchObject({ port: 4000, host: '127.0.0.1', authentication: { kind: 'local-key' } });
    expect(config.persistence.dataDir.endsWith('.ballast')).toBe(true);
  });

  it.each([
    ['PORT', { PORT: 'abc' }],
    ['PORT', { PORT: '' }],
    ['PORT', { PORT: '70000' }],
    ['PORT', { PORT: '-1' }],
    ['PORT', { PORT: '0x50' }],
    ['HOST', { HOST: '' }],
    ['POOL_MAX', { POOL_MAX: '0' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://x' }],
    ['DATABASE_URL', { DATABASE_URL: 'nonsense' }],
    ['AUTH_JWKS_URL', { AUTH_JWKS_URL: 'file:///etc/passwd', AUTH_ISSUER: 'a', AUTH_AUDIENCE: 'b' }],
    ['AUTH_JWKS_URL', { AUTH_ISSUER: 'a', AUTH_AUDIENCE: 'b' }],
    ['AUTH_ISSUER', { AUTH_JWKS_URL: 'https://id.example/jwks', AUTH_AUDIENCE: 'b' }],
    ['AUTH_AUDIENCE', { AUTH_JWKS_URL: 'https://id.example/jwks', AUTH_ISSUER: 'a' }],
    ['AUTH_JWKS_URL', { DATABASE_URL: 'postgres://u:p@db/ballast' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'verbose' }],
    ['METRICS_TOKEN', { METRICS_TOKEN: 'short' }],
    ['DEVELOPER_TOOLS', { DEVELOPER_TOOLS: 'yes' }],
    ['RATE_LIMIT_PER_MINUTE', { RATE_LIMIT_PER_MINUTE: '0' }],
    ['RATE_LIMIT_PER_MINUTE', { RATE_LIMIT_PER_MINUTE: '1e3' }],
    ['FIRM_CONCURRENCY', { FIRM_CONCURRENCY: '0' }],
    ['PERSISTED_OPERATIONS_FILE', { PERSISTED_OPERATIONS_FILE: ' ' }],
    ['AD_HOC_ROLES', { AD_HOC_ROLES: 'admin,developer' }],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }],
  ])('names %s for %j', (key, variables) => {
    expect(keyOf(variables)).toBe(key);
  });

  it('hides the schema where tokens come from an identity provider, unless told otherwise', () => {
    const provider = { AUTH_JWKS_URL: 'https://id.example/jwks', AUTH_ISSUER: 'a', AUTH_AUDIENCE: 'b' };
    const toolsOf = (variables: Record<string, string>) => readApiConfig(variables, { demo: false }).developerTools;
    expect([toolsOf({}), toolsOf(provider)]).toEqual([true, false]);
    expect(toolsOf({ ...provider, DEVELOPER_TOOLS: 'on' })).toBe(true);
    expect(toolsOf({ DEVELOPER_TOOLS: 'off' })).toBe(false);
  });

  it('leaves a quarter of the connections to other firms', () => {
    const placesOf = (variables: Record<string, string>) => readApiConfig(variables, { demo: false }).firmConcurrency;
    expect([placesOf({}), placesOf({ POOL_MAX: '4' }), placesOf({ POOL_MAX: '1' })]).toEqual([8, 3, 1]);
    expect(placesOf({ FIRM_CONCURRENCY: '2' })).toBe(2);
  });

  it('reads who may ask beyond the list of operations', () => {
    const rolesOf = (text: string) => readApiConfig({ AD_HOC_ROLES: text }, { demo: false }).adHocRoles;
    expect(rolesOf('risk, admin')).toEqual(['risk', 'admin']);
    expect(rolesOf('')).toEqual([]);
  });

  it('does not show the value, which may hold a password', () => {
    expect(() => readApiConfig({ DATABASE_URL: 'secret' }, { demo: false })).toThrow(/^DATABASE_URL: expected/);
  });

  it('lets the demo sign its own tokens beside a database of the user', () => {
    expect(keyOf({ DATABASE_URL: 'postgres://u:p@db/ballast' }, true)).toBe('accepted');
  });
});

describe('docs/operations.md', () => {
  it('explains exactly the keys that are read', () => {
    const page = fs.readFileSync(path.resolve(__dirname, '../../../docs/operations.md'), 'utf8');
    const explained = [...page.matchAll(/^\| `([A-Z][A-Z0-9_]+)`/gm)].map(([, key]) => key);
    // The worker reads keys of its own beside those of the record.
    const ofWorker = [
      'WORKER_CONCURRENCY',
      'WORKER_SILENCE_SECONDS',
      'SCHEDULES',
      'END_OF_DAY_RUN',
      'INTRADAY_RUNS',
      'POSITION_RUNS',
    ];
    expect(explained.sort()).toEqual([...new Set([...configurationKeys, ...ofWorker])].sort());
  });
});
