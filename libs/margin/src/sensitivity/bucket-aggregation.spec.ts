import { aggregateBucket, combineBuckets } from './bucket-aggregation';

const member = (weighted: number, concentration = 1) => ({ qualifier: `Q${weighted}`, weighted, concentration });

describe('aggregateBucket', () => {
  it('adds two names by their correlation', () => {
    const { risk, net } = aggregateBucket({ bucket: '1', correlation: 0.5, members: [member(3), member(4)] });
    expect(risk).toBeCloseTo(Math.sqrt(9 + 16 + 12), 14);
    expect(net).toBe(risk);
  });

  it('lessens the correlation by the ratio of concentrations', () => {
    const members = [member(3, 1), member(4, 2)];
    expect(aggregateBucket({ bucket: '1', correlation: 0.5, members }).risk).toBeCloseTo(Math.sqrt(25 + 6), 14);
  });

  it('holds the net within ±K', () => {
    const hedged = aggregateBucket({ bucket: '1', correlation: 0, members: [member(3), member(-4)] });
    expect(hedged).toEqual({ bucket: '1', risk: 5, net: -1 });
    const short = aggregateBucket({ bucket: '1', correlation: 0, members: [member(-3), member(-4)] });
    expect(short.net).toBe(-5);
  });

  it('is 0 for nothing and never imaginary', () => {
    expect(aggregateBucket({ bucket: '1', correlation: 1, members: [] }).risk).toBe(0);
    expect(aggregateBucket({ bucket: '1', correlation: 1, members: [member(0.1), member(-0.1)] }).risk).toBe(0);
  });
});

describe('combineBuckets', () => {
  it('combines risks and nets', () => {
    const buckets = [
      { bucket: '1', risk: 5, net: 5 },
      { bucket: '2', risk: 12, net: -2 },
    ];
    expect(combineBuckets(buckets, () => 0.1)).toBeCloseTo(Math.sqrt(25 + 144 - 2), 14);
    expect(combineBuckets(buckets, () => 0)).toBe(13);
    expect(combineBuckets([], () => 1)).toBe(0);
  });
});
