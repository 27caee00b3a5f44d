import fc from 'fast-check';
import { splitStreamLines } from './stream-lines';

async function linesOf(chunks: readonly Uint8Array[]) {
  const source = (async function* () {
    yield* chunks;
  })();
  const lines = [];
  for await (const batch of splitStreamLines(source)) lines.push(...batch);
  return lines;
}

describe('splitStreamLines', () => {
  it('gives the same lines wherever the chunks are cut', async () => {
    const text = Array.from({ length: 20 }, (_, index) => `ünï ${index}`).join('\r\n');
    const whole = Buffer.from(`\ufeff${text}`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(whole.length), { maxLength: 30 }), async (cuts) => {
        const places = [...new Set([0, ...cuts, whole.length])].sort((left, right) => left - right);
        const chunks = places.slice(1).map((end, index) => whole.subarray(places[index], end));
        const lines = await linesOf(chunks);
        expect(lines).toEqual(text.split('\r\n').map((line, index) => ({ line: index + 1, text: line })));
      }),
    );
  });

  it('tells a line that is too long, holds a NUL or is no UTF-8, and reads the next one', async () => {
    const long = Buffer.alloc(70_000, 0x61);
    const lines = await linesOf([long, Buffer.from('a\nb\nc\0\n'), Buffer.from([0xc3, 0x0a]), Buffer.from('d')]);
    expect(lines).toEqual([
      { line: 1, fault: 'longer than 65536 bytes' },
      { line: 2, text: 'b' },
      { line: 3, fault: 'a NUL byte' },
      { line: 4, fault: 'not UTF-8' },
      { line: 5, text: 'd' },
    ]);
  });
});
