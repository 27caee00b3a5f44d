// The drills at the length that fits into every test run; `npm run drills` holds them at full length.
import { allDrills } from './all-drills';
import type { Drill } from './drill';

/** As many as the smallest machine has cores: what a worker takes there by itself. */
const threads = 2;

async function hold({ id, run }: Drill, threads: number): Promise<void> {
  const { figures, skipped } = await run({ intensity: 'quick', threads });
  if (skipped === undefined) expect(figures).toMatch(/\d/);
  else process.stderr.write(`${id} skipped: ${skipped}\n`);
}

const short = allDrills.filter(({ inEveryRun }) => inEveryRun !== false);

describe.each(short.map((drill) => [`${drill.id}: ${drill.title}`, drill] as const))('%s', (_, drill) => {
  it(drill.promise, () => hold(drill, threads), 240_000);
});
