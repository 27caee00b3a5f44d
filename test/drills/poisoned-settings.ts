import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { builtFile, type Drill, requireThat } from './drill';

type Poison = readonly [command: 'serve' | 'worker', key: string, value: string];

/** Every setting that has values it cannot use, each with some of them. */
const poisons: readonly Poison[] = [
  ...['NaN', '-1', '65536', '1e3', '0x10'].map((value) => ['serve', 'PORT', value] as const),
  ...['0', '-1', 'NaN', 'Infinity', '501', '1.5'].map((value) => ['serve', 'POOL_MAX', value] as const),
  ...['9', '1e3'].map((value) => ['serve', 'POOL_WAIT_MS', value] as const),
  ...['-5', 'ten'].map((value) => ['serve', 'STATEMENT_TIMEOUT_MS', value] as const),
  ...['http://db', 'postgres//x', 'postgres://'].map((value) => ['serve', 'DATABASE_URL', value] as const),
  ['serve', 'JOBS_DATABASE_URL', 'mysql://x/y'],
  ['serve', 'MIGRATION_DATABASE_URL', 'x'],
  ['serve', 'LOG_LEVEL', 'loud'],
  ['serve', 'METRICS_TOKEN', 'short'],
  ['serve', 'DEVELOPER_TOOLS', 'yes'],
  ['serve', 'WEBHOOKS_ALLOW_PRIVATE', '1'],
  ['serve', 'RATE_LIMIT_PER_MINUTE', '0'],
  ['serve', 'FIRM_CONCURRENCY', '-1'],
  ['serve', 'AD_HOC_ROLES', 'admin,god'],
  ['serve', 'PERSISTED_OPERATIONS_FILE', '/nonexistent/operations.json'],
  ['serve', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'ftp://collector'],
  ['serve', 'AUTH_JWKS_URL', 'file:///etc/passwd'],
  ['serve', 'AUTH_ISSUER', ' '],
  ['serve', 'WORKER_CONCURRENCY', '65'],
  ['serve', 'WORKER_THREADS', '0'],
  ['serve', 'WORKER_THREAD_MEMORY', '127'],
  ['worker', 'WORKER_SILENCE_SECONDS', '0'],
  ['worker', 'WORKER_CONCURRENCY', 'NaN'],
  ['worker', 'WORKER_THREADS', '-2'],
  ['worker', 'SCHEDULES', 'maybe'],
  ['worker', 'END_OF_DAY_RUN', '61 25 * * *'],
  ['worker', 'INTRADAY_RUNS', 'true'],
  ['worker', 'POSITION_RUNS', '0'],
  ['worker', 'HISTORY_KEEP_MONTHS', '-3'],
];

/** Settings with which a service would start, if a database were there. */
const complete = {
  DATABASE_URL: 'postgres://ballast_app:x@127.0.0.1:1/none',
  PORT: '0',
  AUTH_JWKS_URL: 'https://127.0.0.1:1/keys',
  AUTH_ISSUER: 'https://id.example/',
  AUTH_AUDIENCE: 'ballast',
};

/** Starts with a setting that cannot be used. */
export const poisonedSettings: Drill = {
  id: 'FD-19',
  title: 'a start of the service or of a worker with a setting that cannot be used',
  promise: 'exit code 78 and a message that begins with the key, before a server or a file is made',
  inEveryRun: false,
  run: async ({ intensity }) => {
    const chosen = intensity === 'full' ? poisons : poisons.filter((_, index) => index % 8 === 0);
    const entry = builtFile('apps/cli/src/main.js');
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-poison-'));
    try {
      for (const [command, key, value] of chosen) {
        const dataDir = path.join(folder, 'data');
        const env = { ...process.env, ...complete, DATA_DIR: dataDir, [key]: value };
        const { status: exitCode, stderr } = spawnSync(process.execPath, [entry, command], { env, encoding: 'utf8' });
        const told = stderr.split('\n')[0] ?? '';
        requireThat(exitCode === 78, `${key}=${value}: exit code ${exitCode}, ${told}`);
        requireThat(told.includes(key), `${key}=${value}: the message does not name the key: ${told}`);
        requireThat(!fs.existsSync(dataDir), `${key}=${value}: something was written before it was refused`);
      }
      return {
        figures: `${chosen.length} starts with ${new Set(chosen.map(([, key]) => key)).size} settings, every one refused by its name`,
      };
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
};
