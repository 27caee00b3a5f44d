import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { fillBatchFirm } from '../support/batch-book';
import { openTcpProxy } from '../support/tcp-proxy';
import { builtFile, type Drill, randomFrom, requireThat } from './drill';

const book = { accounts: 200, positionsPerAccount: 1, contracts: 500 };
const rows = 40_000;
const seed = 7;
/** Less than a row has on its way to the server [bytes], times the rows. */
const leastCopiedBytes = 15 * rows;

/** The network goes away in the middle of the COPY of a position file: the importer says so, and nothing of it is there. */
export const importCuts: Drill = {
  id: 'FD-07b',
  title: 'network cut in the middle of the COPY of an import',
  promise: 'exit code 4 and not one row, or all of them; the same file is then taken as if nothing had been',
  run: async ({ intensity }) => {
    const rounds = intensity === 'full' ? 20 : 1;
    const random = randomFrom(seed);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'ballast-cut-'));
    const db = await openTestDatabase();
    const proxy = await openTcpProxy(Number(new URL(db.appUrl).port));
    try {
      await fillBatchFirm(db.database, db.superuserUrl, book);
      const file = path.join(folder, 'positions.csv');
      let cuts = 0;
      for (let round = 0; round < rounds; round += 1) {
        writeFileSync(file, positions(round));
        const before = await countPositions(db);
        const cutAfter = random() * leastCopiedBytes;
        let copied = 0;
        proxy.onSent((piece) => {
          if (copied === 0 && !piece.includes('COPY staged_rows')) return;
          copied += piece.length;
          if (copied > cutAfter) proxy.cut();
        });
        const code = await importPositions(file, db, proxy.port);
        proxy.onSent(null);
        const after = await countPositions(db);
        requireThat(code === 4, `the import ended with ${code} when its network was cut`);
        requireThat(after === before, `${after - before} rows of a cut import are there`);
        cuts += 1;
      }
      requireThat((await importPositions(file, db, proxy.port)) === 0, 'the file is refused after the cut');
      requireThat((await countPositions(db)) > rows, 'the import is not there');
      return { figures: `${cuts} cuts; 0 rows left behind; the last file then taken whole` };
    } finally {
      await proxy.close();
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function positions(round: number): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const account = `C${String(1 + (index % book.accounts)).padStart(7, '0')}`;
    return `${account},U000-${String(Math.floor(index / book.accounts)).padStart(6, '0')},${1 + round}`;
  });
  return `account,instrument,quantity\n${lines.join('\n')}\n`;
}

async function countPositions({ superuserUrl }: TestDatabase): Promise<number> {
  const sql = 'SELECT (SELECT count(*) FROM positions)::integer AS n';
  return withClient(superuserUrl, async (client) => (await client.query<{ n: number }>(sql)).rows[0]?.n ?? -1);
}

function importPositions(file: string, { appUrl }: TestDatabase, port: number): Promise<number | null> {
  const url = new URL(appUrl);
  url.port = String(port);
  const words = [
    builtFile('apps/cli/src/main.js'),
    'import',
    'positions',
    file,
    '--valid-from',
    '2026-11-15T00:00:00Z',
  ];
  const child = spawn(process.execPath, words, { env: { ...process.env, DATABASE_URL: url.href }, stdio: 'ignore' });
  return new Promise((resolve) => child.once('exit', resolve));
}
