import { PassThrough } from 'node:stream';
import { startProgressBar } from './progress-bar';

function openTerminal(isTTY: boolean) {
  const written: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY, cursorTo: () => true, clearLine: () => true, columns: 120 });
  stream.on('data', (piece: Buffer) => written.push(piece.toString()));
  return { stream: stream as unknown as NodeJS.WriteStream, written };
}

describe('startProgressBar', () => {
  it('shows count, pace and time left on a terminal', async () => {
    const { stream, written } = openTerminal(true);
    const bar = await startProgressBar('run', 4_000, { unit: 'accounts', stream });
    bar.update(2_500, 2_500);
    bar.stop();
    const text = written.join('');
    expect(text).toMatch(/run \[.*\] 62 % \| 2,500 accounts \| [\d,]+\/s \| .* left/);
  });

  it('counts what an earlier process did, and leaves it out of the pace', async () => {
    const { stream, written } = openTerminal(true);
    const bar = await startProgressBar('replay', 1_000, { unit: 'accounts', stream });
    bar.begin(900, 90_000_000);
    bar.update(900, 90_000_000);
    bar.stop();
    expect(written.join('')).toMatch(/replay \[.*\] 90 % \| 90,000,000 accounts \| 0\/s \|/);
  });

  it.each([
    ['a file or pipe', false, 10],
    ['nothing to do', true, 0],
    ['an unknown total', true, undefined],
  ])('says nothing for %s', async (_, isTTY, total) => {
    const { stream, written } = openTerminal(isTTY);
    const bar = await startProgressBar('run', total, { stream });
    bar.begin(0, 0);
    bar.update(1, 1);
    bar.stop();
    expect(written).toEqual([]);
  });
});
