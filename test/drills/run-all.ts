/**
 * Holds every drill at its full length and prints what docs/reliability.md reports.
 *
 *   npm run drills [-- FD-02 FD-03]      default all
 */
import 'reflect-metadata';
import { describeMachine } from '../bench/machine';
import { allDrills } from './all-drills';

async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.find((id) => allDrills.every((drill) => drill.id !== id));
  if (unknown !== undefined)
    throw new Error(`no drill ${unknown}; there are ${allDrills.map(({ id }) => id).join(', ')}`);
  process.stdout.write(`${describeMachine()}\n\n| drill | done | found | time |\n| ----- | ---- | ----- | ---- |\n`);
  for (const drill of allDrills) {
    if (wanted.length > 0 && !wanted.includes(drill.id)) continue;
    const started = performance.now();
    const found = await drill.run('full').then(
      ({ figures, skipped }) => (skipped === undefined ? figures : `skipped: ${skipped}`),
      (failure: unknown) => {
        process.exitCode = 1;
        return `**failed**: ${failure instanceof Error ? failure.message : String(failure)}`;
      },
    );
    const seconds = ((performance.now() - started) / 1_000).toFixed(0);
    process.stdout.write(`| ${drill.id} | ${drill.title} | ${found} | ${seconds} s |\n`);
  }
}

main(process.argv.slice(2)).catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exitCode = 2;
});
