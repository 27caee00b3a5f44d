import { Database, MarginRunStore, persistenceOptionsFromEnv } from '@ballast/persistence';
import { at, newRun, result } from './record-samples';

/** A process that opens a run, writes its results, says so, and never commits: somebody kills it there. */
async function main([firmId, snapshotId, parameterSetId, ...accountIds]: readonly string[]): Promise<void> {
  const runs = new MarginRunStore(new Database(() => persistenceOptionsFromEnv(process.env)));
  const context = { firmId: firmId as string };
  const asOf = at('2026-11-20T21:00:00Z');
  const accountCount = accountIds.length;
  const run = await runs.open(context, newRun({ asOf, snapshotId: snapshotId as string, accountCount }));
  await runs.complete(context, run.id, async (sink) => {
    await sink.write(accountIds.map((id) => result(id, parameterSetId as string)));
    process.stdout.write(`${run.id}\n`);
    return new Promise(() => undefined);
  });
}

main(process.argv.slice(3)).catch((failure: unknown) => {
  process.stderr.write(`${String(failure)}\n`);
  process.exitCode = 1;
});
