import { Decimal, parseInstant, toMoney } from '@ballast/domain';
import { option, portfolioOf, position, quote, snapshotOf } from '../../../test/support/portfolio-builder';
import { computeRequirement } from './compute-requirement';
import { applyRatchet, type TrustedRequirement } from './degradation-ratchet';

const portfolio = portfolioOf([position(option('C'), -3)]);
const requirement = computeRequirement({
  portfolio,
  snapshot: snapshotOf({ quotes: [quote('C', { volatility: 0.25 })] }),
});
const findings = ['Q_STALE: C is 400 s old'];
const trusted = (initial: string, maintenance: string): TrustedRequirement => ({
  asOf: parseInstant('2026-01-02T21:00:00Z', 'asOf'),
  runId: 'r',
  initial: toMoney(initial, portfolio.baseCurrency),
  maintenance: toMoney(maintenance, portfolio.baseCurrency),
});
const own = (side: 'initialRequirement' | 'maintenanceRequirement') =>
  requirement[side]?.amount ?? new Decimal(Number.NaN);
const amounts = (result: typeof requirement) => [
  result.initialRequirement?.amount.toFixed(2),
  result.maintenanceRequirement?.amount.toFixed(2),
];

describe('applyRatchet', () => {
  it('leaves a requirement of fresh data alone', () => {
    expect(applyRatchet(requirement, { findings: [], trusted: trusted('1e9', '1e9'), samePositions: true })).toBe(
      requirement,
    );
  });

  it('takes the larger of computed and trusted, side by side', () => {
    const higher = own('initialRequirement').plus(100.25);
    const result = applyRatchet(requirement, {
      findings,
      trusted: trusted(higher.toFixed(2), '0'),
      samePositions: true,
    });
    expect(amounts(result)).toEqual([higher.toFixed(2), own('maintenanceRequirement').toFixed(2)]);
    expect(result.quality).toBe('DEGRADED');
    expect(result.qualityReasons).toEqual([
      findings[0],
      expect.stringMatching(/^RATCHET: held at initial .* of 2026-01-02/),
    ]);
    expect(result.breakdown.filter(({ kind }) => kind === 'ratchet')[0]?.amount.amount.toFixed(2)).toBe('100.25');
  });

  it('is DEGRADED also where the computed figure is the larger one', () => {
    const result = applyRatchet(requirement, { findings, trusted: trusted('0', '0'), samePositions: true });
    expect([amounts(result), result.quality, result.qualityReasons]).toEqual([
      amounts(requirement),
      'DEGRADED',
      findings,
    ]);
  });

  it.each([
    ['changed positions', trusted('1e9', '1e9'), 'RATCHET_OFF: positions changed since'],
    ['no earlier requirement', null, 'RATCHET_OFF: no earlier requirement'],
  ])('takes the computed figure with a flag after %s', (_, last, word) => {
    const result = applyRatchet(requirement, { findings, trusted: last, samePositions: last === null });
    expect(amounts(result)).toEqual(amounts(requirement));
    expect(result.qualityReasons[1]).toContain(word);
  });

  it('keeps an INDETERMINATE requirement without figures', () => {
    const unknown = computeRequirement({ portfolio, snapshot: snapshotOf({}) });
    const result = applyRatchet(unknown, { findings, trusted: trusted('5', '5'), samePositions: true });
    expect([result.quality, result.initialRequirement, result.qualityReasons.at(-1)]).toEqual([
      'INDETERMINATE',
      null,
      findings[0],
    ]);
  });
});
