import { FirmTurns } from './firm-turns';

/** Turns that last until the test ends them. */
function openWork(parallelism: number) {
  const begun: string[] = [];
  const failed: string[] = [];
  const ends = new Map<string, (failure?: Error) => void>();
  const turns = new FirmTurns({
    turn: (firmId) =>
      new Promise<void>((resolve, reject) => {
        begun.push(firmId);
        ends.set(firmId, (failure) => (failure === undefined ? resolve() : reject(failure)));
      }),
    onFailure: (firmId, failure) => failed.push(`${firmId}: ${String(failure)}`),
    parallelism,
  });
  const end = async (firmId: string, failure?: Error): Promise<void> => {
    ends.get(firmId)?.(failure);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { turns, begun, failed, end };
}

describe('FirmTurns', () => {
  it('gives others their next turn while one firm is still busy', async () => {
    const { turns, begun, end } = openWork(2);
    turns.request(['slow', 'a']);
    await end('a');
    turns.request(['slow', 'a']);
    await end('a');
    turns.request(['slow', 'a']);
    expect(begun).toEqual(['slow', 'a', 'a', 'a']);
    await end('slow');
    turns.request(['slow']);
    expect(begun.at(-1)).toBe('slow');
  });

  it('works for so many firms at a time and no more', async () => {
    const { turns, begun, end } = openWork(2);
    turns.request(['a', 'b', 'c', 'd']);
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('goes on after a turn that failed, and says so', async () => {
    const { turns, begun, failed, end } = openWork(1);
    turns.request(['a', 'b']);
    await end('a', new Error('gone'));
    expect([begun, failed]).toEqual([['a', 'b'], ['a: Error: gone']]);
  });

  it('stops when the turns that have begun are over', async () => {
    const { turns, begun, end } = openWork(1);
    turns.request(['a', 'b']);
    let isStopped = false;
    const stopping = turns.stop().then(() => (isStopped = true));
    turns.request(['c']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isStopped).toBe(false);
    await end('a');
    await stopping;
    expect(begun).toEqual(['a']);
  });
});
