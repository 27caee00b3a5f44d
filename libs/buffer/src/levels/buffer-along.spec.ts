import { breachAccount, breachCases } from '../../../../test/support/breach-account';
import { bufferOfPart, bufferOfWhole } from './buffer-along';

describe('bufferOfPart', () => {
  it.each(breachCases.map((kind) => [kind.name, kind] as const))(
    'of a random %s account is a revaluation of the whole but for the order of summation',
    (_, kind) => {
      const account = breachAccount(kind, { lines: 9, seed: 4, cushion: 0.2 });
      for (const id of account.snapshot.underlyings.keys()) {
        const part = bufferOfPart(account, id);
        const whole = bufferOfWhole(account, (spot) => ({ byUnderlying: { [id]: { spot } } }));
        for (const move of [-1, -0.3, -0.01, 0, 0.2, 3]) {
          const [found, full] = [part?.(move) ?? null, whole(move)];
          expect(found === null).toBe(full === null);
          if (found === null || full === null) continue;
          const scale = Math.abs(full.equity) + full.maintenance;
          expect(Math.abs(found.equity - full.equity)).toBeLessThan(1e-11 * scale);
          expect(Math.abs(found.maintenance - full.maintenance)).toBeLessThan(1e-11 * scale);
        }
      }
    },
  );

  it('is not there for an account of one underlying', () => {
    const [tims] = breachCases;
    if (tims === undefined) throw new Error('no case');
    const account = breachAccount(tims, { lines: 1, seed: 3, cushion: 0.5 });
    expect(bufferOfPart(account, 'AA')).toBeNull();
  });
});
