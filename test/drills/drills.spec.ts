// The drills at the length that fits into every test run; `npm run drills` holds them at full length.
import fs from 'node:fs';
import path from 'node:path';
import { allDrills } from './all-drills';
import type { Drill } from './drill';
import { heldElsewhere } from './held-elsewhere';

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

describe('the drills', () => {
  it('hold every trouble from FD-01 to FD-22, or name the test that does', () => {
    const held = new Set([...allDrills, ...heldElsewhere].map(({ id }) => id));
    const wanted = Array.from({ length: 22 }, (_, index) => `FD-${String(index + 1).padStart(2, '0')}`);
    expect(wanted.filter((id) => !held.has(id))).toEqual([]);
    const files = heldElsewhere.map(({ test }) => path.resolve(__dirname, '../..', test));
    expect(files.filter((file) => !fs.existsSync(file))).toEqual([]);
  });
});
