import { asOf } from '../../../../test/support/portfolio-builder';
import { timsClass } from '../../../../test/support/tims-classes';
import { parseTimsParameters } from './parse-tims-parameters';
import { computeTimsRisk } from './tims-risk';

const plain = parseTimsParameters({}, asOf);
const up = timsClass('A', 0, [100, 50, -50, -100, 300, -300, 300, -300, 50, -50]);
const down = timsClass('B', 1, [-80, -40, 40, 80, -240, 240, -240, 240, -40, 40]);
const third = timsClass('C', 2, [10, 0, 0, 10, 30, 30, 30, 30, 5, 5]);

describe('computeTimsRisk', () => {
  it('adds classes that stand alone, each at its own worst point', () => {
    const risk = computeTimsRisk([up, down], [1, 1], plain);
    expect(risk.groups.map(({ worstIndex, worstLoss }) => [worstIndex, worstLoss])).toEqual([
      [0, 100],
      [3, 80],
    ]);
    expect(risk.requirement).toBe(180);
  });

  it('nets a product group per point: losses less offset times gains', () => {
    const grouped = { ...plain, productGroups: [{ id: 'g', members: ['A', 'B'], offset: 0.9 }] };
    const risk = computeTimsRisk([up, down, third], [1, 1, 10], grouped);
    expect(risk.groups.map(({ node }) => [node.kind, node.id])).toEqual([
      ['product-group', 'g'],
      ['class-group', 'C'],
    ]);
    expect(risk.groups[0]?.node.losses).toEqual([100 - 72, 50 - 36, 40 - 45, 80 - 90]);
    expect(risk.requirement).toBe(75 + 375);
  });

  it('offsets product groups again inside a portfolio group', () => {
    const parameters = {
      ...plain,
      minimumPerContract: 0,
      productGroups: [{ id: 'g', members: ['A', 'B'], offset: 1 }],
      portfolioGroups: [{ id: 'all', members: ['g', 'C'], offset: 0.5 }],
    };
    const risk = computeTimsRisk([up, down, third], [1, 1, -1], parameters);
    expect(risk.groups).toHaveLength(1);
    expect(risk.groups[0]?.node.losses).toEqual([20 - 5, 10, -5, -10 - 5]);
    expect(risk.groups[0]?.node.minimum).toBe(112.5);
  });

  it('asks at least the minimum per contract, long or short', () => {
    const risk = computeTimsRisk([third], [0, 0, -4], plain);
    expect(risk.groups[0]).toMatchObject({ worstLoss: 0, requirement: 150 });
    expect(computeTimsRisk([third], [0, 0, 0], plain).requirement).toBe(0);
  });

  it('tests concentration: the largest names wide, the others narrow, and all together', () => {
    const one = { ...plain, concentrationTest: { names: 1, move: 0.3, otherMove: 0.05 } };
    const risk = computeTimsRisk([up, down], [1, 1], one);
    expect(risk.concentration).toBe(300 + 40);
    expect(risk.extreme).toBe(60);
    expect(computeTimsRisk([up, down], [1, 1], plain).concentration).toBe(540);
  });
});
