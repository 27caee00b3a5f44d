// The drills at the length that fits into every test run; `npm run drills` holds them at full length.
import { allDrills } from './all-drills';

const short = allDrills.filter(({ inEveryRun }) => inEveryRun !== false);

describe.each(short.map((drill) => [`${drill.id}: ${drill.title}`, drill] as const))('%s', (_, drill) => {
  it(
    drill.promise,
    async () => {
      const { figures, skipped } = await drill.run('quick');
      if (skipped === undefined) expect(figures).toMatch(/\d/);
      else process.stderr.write(`${drill.id} skipped: ${skipped}\n`);
    },
    240_000,
  );
});
