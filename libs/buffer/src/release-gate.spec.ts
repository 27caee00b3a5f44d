import { parseInstant, toMoney } from '@ballast/domain';
import { defaultFirmControls } from './firm-controls';
import { decideRelease } from './release-gate';

const asOf = parseInstant('2026-01-05T21:00:00Z', 'asOf');
const controls = defaultFirmControls(asOf);
const pair = (initial: string, maintenance: string, currency = 'USD') => ({
  initial: toMoney(initial, currency),
  maintenance: toMoney(maintenance, currency),
});
const decide = (before: [string, string], after: [string, string], changes = {}) =>
  decideRelease({
    previous: { ...pair(...before), asOf },
    computed: pair(...after),
    controls: { ...controls, ...changes },
  });

describe('decideRelease', () => {
  it('never holds the first requirement', () => {
    expect(decideRelease({ previous: null, computed: pair('1e9', '1e9'), controls })).toEqual({
      held: false,
      reasons: [],
    });
  });

  it.each([
    ['by 25 % exactly', ['100000', '0'], ['125000', '0'], false],
    ['by a cent more', ['100000', '0'], ['125000.01', '0'], true],
    ['down by more', ['100000', '0'], ['74999.99', '0'], true],
    ['by 10 000 exactly, which is 100 %', ['10000', '0'], ['20000', '0'], false],
    ['by 10 000.01', ['10000', '0'], ['20000.01', '0'], true],
    ['by 300 % of little', ['1000', '0'], ['4000', '0'], false],
    ['from nothing to 10 000.01', ['0', '0'], ['10000.01', '0'], true],
    ['from nothing to 10 000', ['0', '0'], ['10000', '0'], false],
    ['to nothing', ['10000.01', '0'], ['0', '0'], true],
    ['on the maintenance side only', ['60000', '40000'], ['60000', '60000'], true],
  ] as [string, [string, string], [string, string], boolean][])('moves %s', (_, before, after, held) => {
    expect(decide(before, after).held).toBe(held);
  });

  it('names both figures, the change and since when', () => {
    expect(decide(['100000', '80000'], ['150000', '120000.5']).reasons).toEqual([
      'RELEASE_GATE: initial requirement moved from 100000.00 to 150000.00 USD (+50000.00, +50.0 %) since 2026-01-05T21:00:00.000Z',
      'RELEASE_GATE: maintenance requirement moved from 80000.00 to 120000.50 USD (+40000.50, +50.0 %) since 2026-01-05T21:00:00.000Z',
    ]);
    expect(decide(['100000', '0'], ['50000', '0']).reasons[0]).toContain('(-50000.00, -50.0 %)');
  });

  it('takes the limits of the firm, by currency where it has one', () => {
    expect(decide(['100000', '0'], ['130000', '0'], { releaseFraction: 0.5 }).held).toBe(false);
    const coin = (releaseAmountByCurrency: Record<string, number>) =>
      decideRelease({
        previous: { ...pair('1', '0', 'BTC'), asOf },
        computed: pair('2', '0', 'BTC'),
        controls: { ...controls, releaseAmountByCurrency },
      }).held;
    expect([coin({}), coin({ BTC: 0.1 })]).toEqual([false, true]);
  });

  it('refuses to compare currencies', () => {
    const previous = { ...pair('1', '1', 'EUR'), asOf };
    expect(() => decideRelease({ previous, computed: pair('1', '1'), controls })).toThrow('EUR');
  });
});
