// An invented market as positional records.
import {
  exchanges,
  type SyntheticCommodity,
  type SyntheticMarket,
  type SyntheticMonth,
  type SyntheticSpread,
} from './risk-file-generator';

/** Writes the market as positional records of 132 columns. */
export function* writePa2(market: SyntheticMarket): Generator<string> {
  yield record([1, '0'], [3, 'XCH'], [9, '20260911'], [17, 'SF'], [24, '20260911'], [32, '1730'], [36, 'U2']);
  yield record([1, 'T'], [3, 'USD'], [6, '$'], [7, 'EUR'], [10, 'E'], [11, digits(market.euroRate * 1e6, 10)]);
  for (const exchange of exchanges) {
    const listed = market.commodities.filter((commodity) => commodity.exchange === exchange);
    if (listed.length === 0) continue;
    yield record([1, '1'], [3, exchange], [8, exchange.slice(1)]);
    for (const commodity of listed) yield* writePa2Commodity(commodity);
  }
  yield record(
    [1, '5'],
    [3, 'ALL'],
    ...market.commodities.slice(0, 10).map(({ combined }, index): Cell => [13 + 6 * index, combined]),
  );
  for (const spread of market.spreads) yield writePa2Spread(spread);
  yield record([1, 'V'], [3, 'XAA'], [6, 'ANYTHING']);
  yield record([1, 'Z'], [3, 'XAA'], [6, 'F000']);
  for (const commodity of market.commodities) {
    for (const month of commodity.months) yield writePa2Parameters(commodity, month);
    for (const month of commodity.months) yield* writePa2Arrays(commodity, month);
  }
}

type Cell = readonly [column: number, text: string];

/** Lays cells at their columns, counted from 1. */
function record(...cells: readonly Cell[]): string {
  let line = '';
  for (const [column, text] of cells) line = line.padEnd(column - 1).slice(0, column - 1) + text;
  return `${line.padEnd(132)}\r\n`;
}

function digits(value: number, width: number): string {
  const text = String(Math.round(Math.abs(value))).padStart(width, '0');
  if (text.length > width) throw new Error(`${value} does not fit ${width} columns`);
  return text;
}

function* writePa2Commodity(commodity: SyntheticCommodity): Generator<string> {
  const { exchange, code, combined, months, tiers, contractValueFactor: factor } = commodity;
  const month = (place: number) => months[place]?.month ?? '';
  for (const type of ['FUT', 'OOF'])
    yield record(
      [1, 'P'], [3, exchange], [6, code], [16, type], [19, `Prod ${code}`], [34, '003'], [37, '002'], [40, '00'],
      [42, digits(factor * 1e7, 14)], [56, '00000000'], [64, '01'], [66, commodity.currency], [69, '$'], [70, 'STD'], [76, 'AMER'],
      [117, type === 'FUT' ? 'FUT' : commodity.premiumStyle],
    ); // prettier-ignore
  yield record(
    [1, '2'], [3, exchange], [7, combined], [13, '0'], [14, commodity.currency], [17, '$'],
    [18, commodity.premiumStyle === 'FUT' ? 'F' : 'P'], [23, code], [33, 'FUT'], [36, '0+'], [39, code], [49, 'OOF'],
  ); // prettier-ignore
  const tierCells = (from: number): Cell[] =>
    tiers.map(([first, last], index) => [from + 14 * index, `${digits(index + 1, 2)}${month(first)}${month(last)}`]);
  yield record(
    [1, 'S'],
    [3, combined],
    [9, commodity.isScannedByTier ? '10' : '01'],
    ...(commodity.isScannedByTier ? [[11, '02'] as Cell, ...tierCells(13)] : []),
    [83, '1'],
  );
  const ratio = digits(commodity.speculatorRatio * 1000, 4);
  yield record([1, '3'], [3, combined], [9, '10'], ...tierCells(11), [69, `10001000${ratio}`]);
  const { seriesSpread, tierSpread, delivery, minimum } = commodity;
  yield record(
    [1, 'E'], [3, combined], [9, '00001'], [14, digits(seriesSpread.rate, 7)],
    [21, `${month(seriesSpread.near).slice(2)}   010000A`], [35, `${month(seriesSpread.far).slice(2)}   010000B`],
  ); // prettier-ignore
  yield record(
    [1, 'C'],
    [3, combined],
    [9, '10'],
    [11, '02'],
    [13, '02'],
    [15, digits(tierSpread.rate, 7)],
    [22, '010101A020201B'],
  );
  yield record(
    [1, '4'], [3, combined], [9, '10'], [11, '01'], [13, '01'], [15, month(delivery.month)], [21, digits(delivery.spread, 7)],
    [28, digits(delivery.outright, 7)], [63, digits(minimum.rate, 7)], [70, '100100100'], [79, minimum.method === 'GROSS' ? '2' : '1'],
  ); // prettier-ignore
}

function writePa2Spread({ priority, rate, method, isSuper, legs, target }: SyntheticSpread): string {
  const cells = legs.map(({ exchange, combined, ratio, side }, index): Cell => [
    17 + 18 * index,
    `${exchange.padEnd(4)}${combined.padEnd(6)}${digits(ratio * 1e4, 7)}${side}`,
  ]);
  const aim: Cell[] =
    method === 'scanning'
      ? [
          [89, '04'],
          [91, 'XAAN'],
          [95, target ?? ''],
        ]
      : [[89, '10']];
  return record(
    [1, '6'], [3, 'ALL'], [6, digits(priority, 4)], [10, digits(method === 'flat' ? rate : rate * 1e6, 7)], ...cells, ...aim,
    [101, method === 'flat' ? 'F' : 'W'], [110, isSuper ? 'S' : 'I'],
  ); // prettier-ignore
}

function writePa2Parameters(commodity: SyntheticCommodity, { month }: SyntheticMonth): string {
  const { exchange, code, scanRange, deltaScaling } = commodity;
  const futures = record(...parameterCells('FUT', ''));
  return futures + record(...parameterCells('OOF', month));
  function parameterCells(type: string, optionMonth: string): Cell[] {
    return [
      [1, 'B'], [3, exchange], [6, code], [16, type], [19, month], [28, optionMonth], [37, '00200000'], [45, '00040000'],
      [53, digits(scanRange, 5)], [58, '03000'], [63, '03300'], [68, '00350'], [73, '0250000'], [80, '000000'],
      [86, digits(deltaScaling * 1e4, 6)], [92, `${month}20`], [100, code], [110, '01'],
    ]; // prettier-ignore
  }
}

function* writePa2Arrays(commodity: SyntheticCommodity, month: SyntheticMonth): Generator<string> {
  const { exchange, code } = commodity;
  const identity = (kind: string, rest: readonly Cell[]): Cell[] => [
    [1, kind],
    [3, exchange],
    [6, code],
    [16, code],
    ...rest,
  ];
  const pair = (
    rest: readonly Cell[],
    losses: readonly number[],
    { delta, price, strike = 0 }: { readonly delta: number; readonly price: number; readonly strike?: number },
  ): string => {
    const values = losses.map((loss) => `${digits(loss, 5)}${loss < 0 ? '-' : '+'}`);
    return (
      record(...identity('81', rest), [55, values.slice(0, 9).join('')], [109, digits(price * 1000, 14)], [123, 'N']) +
      record(
        ...identity('82', rest), [55, values.slice(9).join('')], [97, `${digits(delta * 1e4, 5)}${delta < 0 ? '-' : '+'}`],
        [103, '00200000'], [111, `${digits(price * 1000, 7)}+`], [119, strike < 0 ? '-' : '+'], [120, `${digits(delta * 1e4, 5)}${delta < 0 ? '-' : '+'}`], [126, 'C'],
      )
    ); // prettier-ignore
  };
  yield pair(
    [
      [26, 'FUT'],
      [30, month.month],
      [48, '0000000'],
    ],
    month.losses,
    { delta: 1, price: month.price },
  );
  for (const { right, strike, losses, delta, price } of month.options)
    yield pair(
      [
        [26, `OOF${right}`],
        [30, month.month],
        [39, month.month],
        [48, digits(strike * 100, 7)],
      ],
      losses,
      { delta, price, strike },
    );
}
