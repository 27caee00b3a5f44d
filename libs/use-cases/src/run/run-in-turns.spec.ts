import type { Steps } from '@ballast/buffer';
import { runInTurns } from './run-in-turns';

function* spin(milliseconds: number): Steps<number> {
  const begun = performance.now();
  let pieces = 0;
  while (performance.now() - begun < milliseconds) {
    pieces += 1;
    yield;
  }
  return pieces;
}

describe('runInTurns', () => {
  it('gives the result and lets others run meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    expect(await runInTurns(spin(60))).toBeGreaterThan(0);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });

  it('passes errors on', async () => {
    const failing = (function* (): Steps<number> {
      yield;
      throw new Error('no value');
    })();
    await expect(runInTurns(failing)).rejects.toThrow('no value');
  });
});
