import { parseInstant } from '@ballast/domain';
import { defaultFirmControls, parseFirmControls } from './firm-controls';

const asOf = parseInstant('2026-01-05T00:00:00Z', 'asOf');

describe('parseFirmControls', () => {
  it('overrides the published set key by key', () => {
    expect(defaultFirmControls(asOf)).toMatchObject({ releaseFraction: 0.25, releaseAmount: 10_000 });
    const controls = parseFirmControls({ cadenceMs: 60_000, releaseAmountByCurrency: { BTC: 0.1 } }, asOf);
    expect(controls).toEqual({
      ...defaultFirmControls(asOf),
      cadenceMs: 60_000,
      releaseAmountByCurrency: { BTC: 0.1 },
    });
  });

  it.each([
    [{ cadence: 1 }, 'controls.cadence: unknown key'],
    [{ cadenceMs: 10 }, 'controls.cadenceMs: expected a number ≥ 1000'],
    [{ cadenceMs: 1500.5 }, 'whole number'],
    [{ releaseFraction: -0.1 }, 'controls.releaseFraction'],
    [{ releaseAmount: Number.NaN }, 'controls.releaseAmount: expected a finite number'],
    [{ releaseAmountByCurrency: { BTC: '1' } }, 'controls.releaseAmountByCurrency.BTC'],
    [[], 'expected an object'],
  ])('refuses %j', (value, message) => {
    expect(() => parseFirmControls(value, asOf)).toThrow(message);
  });
});
