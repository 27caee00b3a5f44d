import { Decimal, parseInstant, type Money } from '@ballast/domain';
import fc from 'fast-check';
import { holdAgainst } from './assess-buffer';
import { defaultBufferPolicy } from './buffer-policy';
import type { BufferStatus } from './buffer-status';
import { centsGateOf, centsLadderOf, holdCents, isWithinGate, leverageOfCents, type CentsLadder } from './cents-ladder';
import { defaultFirmControls } from './firm-controls';
import { leverageOf } from './market-exposure';
import { decideRelease } from './release-gate';

const asOf = parseInstant('2026-01-05T21:00:00Z', 'asOf');
const policy = defaultBufferPolicy(asOf);
const ladder = centsLadderOf(policy) as CentsLadder;
const money = (cents: number): Money => ({ amount: new Decimal(cents).div(100), currency: 'USD' });
const cents = fc.oneof(fc.integer({ min: -90_000, max: 90_000 }), fc.integer({ min: -5e8, max: 5e8 }));
const requirement = fc.oneof(fc.constant(0), cents.map(Math.abs));
/** Equity on and beside the rungs, besides any. */
const equityOf = (maintenance: number) =>
  fc.oneof(
    cents,
    fc
      .tuple(fc.constantFrom(75, 100, 110, 130), fc.integer({ min: -2, max: 2 }))
      .map(([percent, step]) => Math.round((maintenance * percent) / 100) + step),
  );
const case_ = requirement.chain((maintenance) =>
  fc.record({
    maintenance: fc.constant(maintenance),
    equity: equityOf(maintenance),
    initial: requirement,
    previousStatus: fc.constantFrom<(BufferStatus | undefined)[]>(
      undefined,
      'HEALTHY',
      'WATCH',
      'MARGIN_CALL',
      'LIQUIDATION',
    ),
  }),
);

describe('holdCents', () => {
  it('finds what the Decimals find', () => {
    fc.assert(
      fc.property(case_, ({ equity, initial, maintenance, previousStatus }) => {
        const found = holdCents({ equity, initial, maintenance, ladder, previousStatus });
        const held = holdAgainst({
          ...{ equity: money(equity), initial: money(initial), maintenance: money(maintenance), policy },
          ...(previousStatus === undefined ? {} : { previousStatus }),
        });
        expect(found).toEqual({
          status: held.status,
          buffer: held.buffer?.amount.times(100).toNumber(),
          excess: held.excess?.amount.times(100).toNumber(),
          ratio: held.bufferRatio === null ? null : held.bufferRatio.times(1e6).toNumber(),
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('says nothing of what a float does not hold', () => {
    const small = { equity: 1, initial: 1, maintenance: 1, ladder, previousStatus: undefined };
    for (const large of [{ equity: 1e10 }, { maintenance: 1e10 }, { maintenance: -1 }])
      expect(holdCents({ ...small, ...large })).toBeNull();
    expect(centsLadderOf({ ...policy, watchMultiple: 1.123_456_7 })).toBeNull();
  });
});

it('leverageOfCents finds what the Decimals find', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeNat(), fc.nat(99_999)), cents, (exposure, equity) => {
      const exact = leverageOf(new Decimal(exposure).div(1e6), money(equity));
      expect(leverageOfCents(exposure, equity)).toBe(exact === null ? null : exact.times(10_000).toNumber());
    }),
    { numRuns: 1_000 },
  );
});

it('isWithinGate lets through what the release gate lets through', () => {
  const controls = { ...defaultFirmControls(asOf), releaseAmountByCurrency: { EUR: 0.001 } };
  const gate = centsGateOf(controls, 'USD');
  if (gate === null) throw new Error('expected a gate');
  fc.assert(
    fc.property(
      requirement,
      fc.oneof(fc.constantFrom(0.75, 1.25, 1), fc.double({ min: 0, max: 2, noNaN: true })),
      fc.integer({ min: -1_000_001, max: 1_000_001 }),
      (before, factor, step) => {
        const after = Math.max(0, Math.round(before * factor) + step);
        const pair = (one: number) => ({ initial: money(one), maintenance: money(one) });
        const { held } = decideRelease({ computed: pair(after), previous: { ...pair(before), asOf }, controls });
        expect(isWithinGate(before, after, gate)).toBe(!held);
      },
    ),
    { numRuns: 1_000 },
  );
  expect(isWithinGate(2 ** 52, 2 ** 51, gate)).toBe(false);
  expect(centsGateOf(controls, 'EUR')).toBeNull();
});
