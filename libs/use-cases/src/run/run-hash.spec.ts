import fc from 'fast-check';
import { hashRun, hashRunStream, startRunHash } from './evaluate-account';

const identifier = fc.oneof(fc.uuid(), fc.string({ unit: 'binary', maxLength: 12 }));
const digits = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 }),
  fc.string(),
);
const results = fc
  .uniqueArray(fc.record({ accountId: identifier, resultHash: digits }), { selector: ({ accountId }) => accountId })
  .map((found) => found.sort((left, right) => (left.accountId < right.accountId ? -1 : 1)));

it('hashes a run in pages, or result by result, as it hashes the whole of it', async () => {
  await fc.assert(
    fc.asyncProperty(results, fc.nat({ max: 5 }), async (all, cut) => {
      async function* pages() {
        yield all.slice(0, cut);
        yield all.slice(cut);
      }
      const whole = hashRun(all);
      expect(await hashRunStream(pages())).toBe(whole);
      const one = startRunHash();
      for (const result of all) one.add(result);
      expect(one.digest()).toBe(whole);
    }),
  );
});
