import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database, runMigrations, listSchema } from '@ballast/persistence';
import { openEmptyDatabase, withClient } from '../support/postgres';
import { builtFile, type Drill, longest, randomFrom, requireThat } from './drill';

/** The process that migrates gets SIGKILL at random moments, and is started again until it comes to its end. */
export const migrationKills: Drill = {
  id: 'FD-14',
  title: 'SIGKILL of the process that migrates an empty database',
  promise: 'the application is refused until the schema is whole; the next start completes it, each migration once',
  run: async ({ intensity }) => {
    const databases = intensity === 'full' ? 5 : 1;
    const killsPerDatabase = intensity === 'full' ? 4 : 2;
    const random = randomFrom(14);
    const { expected, tookMs } = await migrateUndisturbed();
    let kills = 0;
    let refused = 0;
    const healed: number[] = [];
    for (let made = 0; made < databases; made += 1) {
      const database = await openEmptyDatabase();
      try {
        for (let kill = 0; kill < killsPerDatabase; kill += 1) {
          if (await migrateAndKill(database.ownerUrl, random() * tookMs)) kills += 1;
          if (await isRefused(database.appUrl)) refused += 1;
        }
        const started = performance.now();
        await runMigrations(database.ownerUrl);
        healed.push(performance.now() - started);
        await withClient(database.ownerUrl, async (client) => {
          requireThat((await listSchema(client)) === expected.schema, 'the schema is not that of an undisturbed start');
          requireThat(
            String(await migrationNames(client)) === String(expected.names),
            'a migration ran twice or never',
          );
        });
        requireThat(!(await isRefused(database.appUrl)), 'the application is refused by a whole schema');
      } finally {
        await database.close();
      }
    }
    requireThat(kills > 0, 'every migration was quicker than its kill');
    return {
      figures: `${databases} databases, ${kills} kills of migrations under way; the application refused ${refused} times by an unfinished schema; completed in ${longest(healed)} at most`,
    };
  },
};

async function migrateUndisturbed() {
  const database = await openEmptyDatabase();
  try {
    const started = performance.now();
    requireThat(!(await migrateAndKill(database.ownerUrl, 600_000)), 'an undisturbed migration did not end');
    const tookMs = performance.now() - started;
    const expected = await withClient(database.ownerUrl, async (client) => ({
      schema: await listSchema(client),
      names: await migrationNames(client),
    }));
    return { expected, tookMs };
  } finally {
    await database.close();
  }
}

async function migrationNames(client: Parameters<typeof listSchema>[0]): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY timestamp, name');
  return rows.map(({ name }) => name);
}

/** @returns whether the process was killed before its end */
async function migrateAndKill(ownerUrl: string, afterMs: number): Promise<boolean> {
  const persistence = JSON.stringify(builtFile('libs/persistence/src/index.js'));
  const program = `require(${persistence}).runMigrations(process.argv[1]).catch((e) => { console.error(e); process.exit(1); })`;
  const child = spawn(process.execPath, ['-e', program, ownerUrl], { stdio: 'inherit' });
  const ended = new Promise<'ended'>((resolve, reject) => {
    child.once('exit', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve('ended');
      else reject(new Error(`promise broken: a migration that is repeated ended with ${code ?? signal}`));
    });
  });
  const timer = new AbortController();
  const first = await Promise.race([
    ended,
    sleep(afterMs, 'late' as const, { signal: timer.signal }).catch(() => null),
  ]);
  timer.abort();
  if (first === 'ended') return false;
  child.kill('SIGKILL');
  await ended;
  return child.signalCode === 'SIGKILL';
}

/** Whether a service that may not migrate is told that the schema is not its own. */
async function isRefused(appUrl: string): Promise<boolean> {
  const options = { databaseUrl: appUrl, dataDir: '/nonexistent', poolSize: 1, poolWaitMs: 5_000, statementTimeoutMs: 30_000 }; // prettier-ignore
  const database = new Database(() => options);
  try {
    await database.connect();
    return false;
  } catch (failure) {
    requireThat((failure as { code?: string }).code === 'SCHEMA_MISMATCH', `refused with ${String(failure)}`);
    return true;
  } finally {
    await database.close();
  }
}
