import type { ValuedPosition } from './instrument-valuation';
import { computeContributions, contributionsOfPositions } from './position-contributions';

describe('computeContributions', () => {
  const losses = [
    [3, -1],
    [-2, 4],
  ];
  const scan = (quantities: Float64Array) =>
    Math.max(0, ...[0, 1].map((s) => quantities[0]! * losses[0]![s]! + quantities[1]! * losses[1]![s]!));

  it('differentiates the requirement and lets the parts add up to it', () => {
    const [first, second] = computeContributions({
      instrumentIds: ['A', 'B'],
      quantities: [10, 2],
      requirementOf: scan,
    });
    expect(first?.euler).toBeCloseTo(30, 8);
    expect(second?.euler).toBeCloseTo(-4, 8);
    expect(first!.euler + second!.euler).toBe(26);
    expect(first?.increment).toBe(26 - 8);
    expect(second?.increment).toBe(26 - 30);
  });

  it('takes closed forms where the methodology has them', () => {
    const result = computeContributions({
      instrumentIds: ['A', 'B'],
      quantities: [10, 2],
      requirementOf: scan,
      euler: [30, -4],
    });
    expect(result.map(({ euler }) => euler)).toEqual([30, -4]);
  });

  it('spreads a fixed amount by size', () => {
    const result = computeContributions({
      instrumentIds: ['A', 'B'],
      quantities: [3, 1],
      requirementOf: (q) => q[0]! + q[1]! + 100,
    });
    expect(result[0]!.euler).toBeCloseTo(78, 6);
    expect(result[0]!.euler + result[1]!.euler).toBe(104);
  });

  it('halves a kink between two equal legs', () => {
    const result = computeContributions({
      instrumentIds: ['A', 'B'],
      quantities: [2, 2],
      requirementOf: (q) => Math.min(q[0]!, q[1]!),
    });
    expect(result.map(({ euler }) => euler)).toEqual([expect.closeTo(1, 6), expect.closeTo(1, 6)]);
  });

  it('takes a book of positions by the identifiers and quantities they have', () => {
    const held = (id: string, quantity: number) =>
      ({ contract: { instrument: { id } }, quantity }) as unknown as ValuedPosition;
    const found = contributionsOfPositions([held('A', 10), held('B', 2)], scan);
    expect(found).toEqual(
      computeContributions({ instrumentIds: ['A', 'B'], quantities: [10, 2], requirementOf: scan }),
    );
  });

  it('explains nothing by nothing', () => {
    expect(computeContributions({ instrumentIds: [], quantities: [], requirementOf: () => 0 })).toEqual([]);
  });
});
