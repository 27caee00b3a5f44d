import fc from 'fast-check';
import type { ScenarioLoss } from './margin-requirement';
import { decodeRequirementFigures, encodeRequirementFigures } from './requirement-figures';

const figure = fc.double({ noNaN: true, noDefaultInfinity: true });
const name = fc.string({ unit: 'binary', maxLength: 12 });
const requirement = fc.record({
  model: fc.option(
    fc.record(
      {
        ...{ initialRequirement: figure, maintenanceRequirement: figure, netOptionValue: figure },
        ...{ markToMarket: figure, initialHealth: figure, maintenanceHealth: figure },
      },
      { requiredKeys: ['initialRequirement', 'maintenanceRequirement', 'netOptionValue'] },
    ),
  ),
  scenarios: fc.array(fc.record({ index: fc.integer({ min: 1, max: 500 }), group: name, label: name, loss: figure }), {
    maxLength: 40,
  }),
  greeks: fc.array(
    fc.record({ underlying: name, delta: figure, gamma: figure, vega: figure, theta: figure, rho: figure }),
  ),
});

describe('encodeRequirementFigures', () => {
  it('keeps every bit of every figure, −0 included, and no label', () => {
    fc.assert(
      fc.property(requirement, ({ model, scenarios, greeks }) => {
        const decoded = decodeRequirementFigures(encodeRequirementFigures({ model, scenarios, greeks }));
        const losses = scenarios.map(({ group, index, loss }) => ({ group, index, loss }));
        expect(decoded).toEqual({ model, losses, greeks });
      }),
    );
  });

  it('tells apart requirements that differ in one bit', () => {
    const scenario: ScenarioLoss = { index: 1, group: 'XYZ', label: '', loss: 0 };
    const bytesOf = (loss: number) =>
      Buffer.from(encodeRequirementFigures({ model: null, scenarios: [{ ...scenario, loss }], greeks: [] }));
    expect(bytesOf(-0).equals(bytesOf(0))).toBe(false);
    expect(bytesOf(1).equals(bytesOf(1 + Number.EPSILON))).toBe(false);
  });

  it('writes the documented bytes', () => {
    const bytes = encodeRequirementFigures({
      model: null,
      scenarios: [{ index: 3, group: 'U', label: 'any', loss: 1 }],
      greeks: [],
    });
    expect(Buffer.from(bytes).toString('hex')).toBe('01000100010055000100' + '0300' + '000000000000f03f' + '0000');
  });
});

it('refuses bytes of another layout', () => {
  expect(() => decodeRequirementFigures(Uint8Array.of(9, 0))).toThrow('layout 9');
  expect(() => decodeRequirementFigures(new Uint8Array(0))).toThrow('layout none');
});
