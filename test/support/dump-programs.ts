import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** pg_dump and pg_restore of one installation, or why there are none that fit. */
export type DumpPrograms =
  { readonly pgDump: string; readonly pgRestore: string; readonly reason?: never } | { readonly reason: string };

/**
 * Finds programs that can dump a server: pg_dump refuses servers of a newer major version than its own. Looked for in the
 * PATH and in `/usr/lib/postgresql`.
 */
export function findDumpPrograms(serverMajorVersion: number): DumpPrograms {
  const system = '/usr/lib/postgresql';
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    ...(existsSync(system) ? readdirSync(system).map((version) => path.join(system, version, 'bin')) : []),
  ];
  const found: number[] = [];
  for (const folder of folders) {
    const pgDump = path.join(folder, 'pg_dump');
    const pgRestore = path.join(folder, 'pg_restore');
    if (!existsSync(pgDump) || !existsSync(pgRestore)) continue;
    const { stdout } = spawnSync(pgDump, ['--version'], { encoding: 'utf8' });
    const version = Number(/\b(\d+)(?:\.\d+)?\b/.exec(stdout)?.[1] ?? 0);
    if (version >= serverMajorVersion) return { pgDump, pgRestore };
    found.push(version);
  }
  if (found.length === 0) return { reason: 'no pg_dump installed' };
  return { reason: `pg_dump ${Math.max(...found)} cannot dump Postgres ${serverMajorVersion}` };
}
