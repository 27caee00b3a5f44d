import {
  type BacktestMoves,
  logChanges,
  meanSizes,
  realisedMarket,
  standardiseMoves,
  stressedSizes,
} from './backtest-moves';

const sized = (sizes: readonly number[]): BacktestMoves => {
  const priceSizes = Float64Array.from(sizes);
  const none = new Float64Array(sizes.length);
  return {
    series: { symbol: 'I', prices: none, volatilities: none },
    price: none,
    volatility: none,
    priceSizes,
    volatilitySizes: priceSizes.map((size) => 2 * size),
  };
};

describe('standardiseMoves', () => {
  it('divides each move by the size known before it, and leaves what never moves at 0', () => {
    const series = {
      symbol: 'I',
      prices: Float64Array.of(100, 110, 99, 120),
      volatilities: new Float64Array(4).fill(0.2),
    };
    const found = standardiseMoves(series, 0.9);
    logChanges(series.prices).forEach((change, day) =>
      expect((found.price[day] as number) * (found.priceSizes[day] as number)).toBeCloseTo(change, 14),
    );
    expect([...found.volatility]).toEqual([0, 0, 0]);
    expect(realisedMarket(found, 1)).toEqual({ volatility: 0.2, priceFactor: 0.9, volatilityFactor: 1 });
  });
});

describe('sizes of a look-back', () => {
  const moves = sized([9, 1, 3, 4, 1, 1, 8]);

  it('are root mean squares', () => {
    expect(meanSizes(moves, { from: 2, day: 4 }).price).toBeCloseTo(Math.sqrt(12.5), 14);
    expect(meanSizes(moves, { from: 2, day: 4 }).volatility).toBeCloseTo(2 * Math.sqrt(12.5), 14);
  });

  it('in stress are those of the most volatile stretch, of nothing before the look-back and nothing later', () => {
    const window = { from: 1, day: 6, stretch: 2 };
    expect(stressedSizes(moves, window)).toEqual(meanSizes(moves, { from: 2, day: 4 }));
    expect(stressedSizes(moves, { ...window, from: 0 })).toEqual(meanSizes(moves, { from: 0, day: 2 }));
    expect(stressedSizes(moves, { ...window, day: 7 })).toEqual(meanSizes(moves, { from: 5, day: 7 }));
    expect(stressedSizes(moves, { from: 4, day: 6, stretch: 5 })).toEqual(meanSizes(moves, { from: 4, day: 6 }));
  });
});
