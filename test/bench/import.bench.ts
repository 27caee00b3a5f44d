/**
 * The import benchmark: rows per second of a positions file, beside a raw COPY of the same bytes into an unlogged table
 * without keys, and the memory the importing process takes.
 *
 *   node dist/test/bench/import.bench.js [rows]      default 1000000
 */
import { BalanceFileStore, FileDeliveryStore, PositionFileStore } from '@ballast/persistence';
import { ImportBalances, type ImportReport, ImportPositions } from '@ballast/use-cases';
import { type BulkBook, bulkChunks, bulkTotals, bulkValidFrom, fillBulkFirm, rawCopy } from '../support/bulk-import';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { describeMachine } from './machine';

const positionsPerAccount = 50;

async function runBenchmark(rows: number): Promise<void> {
  const book: BulkBook = {
    accounts: Math.ceil(rows / positionsPerAccount),
    instruments: Math.min(50_000, rows),
    positionsPerAccount,
  };
  const db = await openTestDatabase({ statementTimeoutMs: 600_000 });
  try {
    const firmId = await fillBulkFirm(db, 'BULK', book);
    print(`${describeMachine()}\n`);
    const raw = await timed(() => rawCopy(db, bulkChunks(book)));
    report('raw COPY into an unlogged table', raw.result.rows, raw.seconds);
    const positions = new ImportPositions(db.database, new PositionFileStore(), new FileDeliveryStore(db.database));
    const totals = bulkTotals(book);
    const importOnce = (): Promise<ImportReport> => {
      const control = { rows: totals.rows, sums: {} };
      const command = { firmId, recordedBy: 'bench', mode: 'REPLACE' as const, validFrom: bulkValidFrom, control };
      return positions.execute({ ...command, onProgress }, { name: 'positions.csv', chunks: bulkChunks(book) });
    };
    const first = await timed(importOnce);
    report(`import positions, ${first.result.stored} stored`, first.result.rows, first.seconds);
    const again = await timed(importOnce);
    report(`the same file again, ${again.result.stored} stored`, again.result.rows, again.seconds);
    const rawAgain = await timed(() => rawCopy(db, bulkChunks(book)));
    report('raw COPY again', rawAgain.result.rows, rawAgain.seconds);
    print(`import takes ${(first.seconds / ((raw.seconds + rawAgain.seconds) / 2)).toFixed(1)} × the raw COPY\n`);
    await benchBalances(db, firmId, book);
  } finally {
    await db.close();
  }
}

async function benchBalances(db: TestDatabase, firmId: string, book: BulkBook): Promise<void> {
  const balances = new ImportBalances(db.database, new BalanceFileStore(), new FileDeliveryStore(db.database));
  const text = Array.from({ length: book.accounts }, (_, i) => `C${String(i).padStart(7, '0')},USD,${i}.50\n`).join('');
  const bytes = Buffer.from(`account,currency,amount\n${text}`);
  const command = { firmId, recordedBy: 'bench', valueAt: bulkValidFrom };
  const { result, seconds } = await timed(() => balances.execute(command, { name: 'balances.csv', bytes }));
  report(`import balances, ${result.stored} stored`, result.rows, seconds);
}

let phase = '';
let phaseStart = performance.now();
function onProgress(progress: { readonly phase: string }): void {
  if (progress.phase === phase) return;
  const now = performance.now();
  if (phase !== '') print(`    ${phase} ${((now - phaseStart) / 1_000).toFixed(1)} s\n`);
  phase = progress.phase;
  phaseStart = now;
}

/** Runs work, and watches the memory of the process meanwhile. */
async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly seconds: number }> {
  (globalThis as { gc?: () => void }).gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1_000;
  clearInterval(watch);
  peak = Math.max(peak, process.memoryUsage.rss());
  print(`  memory ${mebibytes(before)} → at most ${mebibytes(peak)} MiB (+${mebibytes(peak - before)})\n`);
  return { result, seconds };
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

function report(name: string, rows: number, seconds: number): void {
  print(`${name}: ${rows} rows in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s\n`);
}

function print(text: string): void {
  process.stdout.write(text);
}

if (require.main === module) void runBenchmark(Number(process.argv[2] ?? 1_000_000));
