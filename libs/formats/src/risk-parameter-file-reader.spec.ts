import { inventMarket, type SyntheticMarket } from '../../../test/support/risk-file-generator';
import { writePa2 } from '../../../test/support/risk-file-generator-pa2';
import { writeSpn } from '../../../test/support/risk-file-generator-spn';
import type { ContractSelection, RiskContract, RiskParameterFile } from './risk-parameter-file';
import { readRiskParameterFile } from './risk-parameter-file-reader';

const everything: ContractSelection = { hasProduct: () => true, has: () => true };

async function* inChunks(pieces: Iterable<string>, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from([...pieces].join(''), 'utf8');
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

function readAll(
  pieces: Iterable<string>,
  changes: { readonly size?: number; readonly selection?: ContractSelection } = {},
): Promise<RiskParameterFile> {
  return readRiskParameterFile({
    source: { name: 'file', bytes: inChunks(pieces, changes.size ?? 65_536) },
    selection: changes.selection ?? everything,
    accountType: 'speculator',
  });
}

const market = inventMarket({ commodities: 12, months: 4, strikes: 8 });
const contractsOf = ({ commodities }: SyntheticMarket) =>
  commodities.flatMap((commodity) =>
    commodity.months.flatMap((month) => [
      { commodity, month, option: undefined },
      ...month.options.map((option) => ({ commodity, month, option })),
    ]),
  );
const plain = ({ losses, ...contract }: RiskContract) => ({
  ...contract,
  losses: losses === null ? null : [...losses],
});

describe.each([
  ['spn', writeSpn],
  ['pa2', writePa2],
] as const)('readRiskParameterFile on a synthetic .%s file', (format, write) => {
  it('gives back every contract of the market it was written from', async () => {
    const file = await readAll(write(market));
    const expected = contractsOf(market);
    expect([file.format, file.contractCount, file.contracts.length]).toEqual([
      format,
      expected.length,
      expected.length,
    ]);
    const key = (contract: RiskContract) =>
      [contract.exchange, contract.product, contract.underlyingMonth, contract.right, contract.strike].join(' ');
    const found = new Map(file.contracts.map((contract) => [key(contract), contract]));
    for (const { commodity, month, option } of expected) {
      const monthText = `${month.month.slice(0, 4)}-${month.month.slice(4)}`;
      const right = option === undefined ? null : option.right === 'C' ? 'call' : 'put';
      const contract = found.get(
        [commodity.exchange, commodity.code, monthText, right, option?.strike ?? null].join(' '),
      );
      expect(contract).toMatchObject({
        type: option === undefined ? 'FUT' : 'OOF',
        optionMonth: option === undefined ? null : monthText,
        price: option?.price ?? month.price,
        delta: option?.delta ?? 1,
        contractValueFactor: commodity.contractValueFactor,
        priceCurrency: commodity.currency,
      });
      expect([...(contract?.losses ?? [])]).toEqual(option?.losses ?? month.losses);
      if (option !== undefined)
        expect(contract?.premiumStyle).toBe(commodity.premiumStyle === 'EQTY' ? 'equity' : 'futures');
    }
  });

  it('gives back commodities, tiers, charges, ratios and spreads', async () => {
    const file = await readAll(write(market));
    expect([file.businessDate, file.clearingOrganizations]).toEqual(['2026-09-11', ['XCH']]);
    expect(file.currencyRates).toEqual([{ from: 'EUR', to: 'USD', rate: 1.0825 }]);
    expect(file.commodities.map(({ id }) => id)).toEqual(
      expect.arrayContaining(market.commodities.map(({ combined }) => combined)),
    );
    for (const commodity of market.commodities) {
      const read = file.commodities.find(({ id }) => id === commodity.combined);
      const month = (place: number) => {
        const text = commodity.months[place]?.month ?? '';
        return `${text.slice(0, 4)}-${text.slice(4)}`;
      };
      const tier = (index: number) => {
        const [from, to] = commodity.tiers[index] as readonly [number, number];
        return { from: month(from), to: `${month(to)}-zz` };
      };
      const leg = (range: object, side: string) => ({ ...range, deltaPerSpread: 1, side });
      const single = (place: number) => ({ from: month(place), to: `${month(place)}-zz` });
      expect(read).toMatchObject({
        currency: commodity.currency,
        shortOptionMinimum: {
          rate: commodity.minimum.rate,
          method: commodity.minimum.method.toLowerCase(),
          tiers: [],
        },
        scanTiers: commodity.isScannedByTier ? [tier(0), tier(1)] : [],
        initialToMaintenanceRatio: 1.1,
        weightedFuturesPriceRisk: 'normal',
        extremeMultiplier: 3,
        coverFraction: 0.33,
      });
      expect(read?.calendarSpreads).toEqual([
        {
          priority: 1,
          kind: 'series',
          rate: commodity.seriesSpread.rate,
          legs: [leg(single(0), 'A'), leg(single(1), 'B')],
        },
        { priority: 2, kind: 'tier', rate: commodity.tierSpread.rate, legs: [leg(tier(0), 'A'), leg(tier(1), 'B')] },
      ]);
      expect(read?.deliveryCharges).toEqual([
        { month: month(0), spread: commodity.delivery.spread, outright: commodity.delivery.outright },
      ]);
      const largest = Math.max(...(commodity.months[0]?.losses ?? []).map(Math.abs).slice(0, 14));
      expect(read?.scanRangePerDelta).toBe(largest / commodity.deltaScaling);
    }
    const byPriority = [...file.intercommodity].sort((left, right) => left.priority - right.priority);
    expect(byPriority.map(({ priority, method, isSuper }) => ({ priority, method, isSuper }))).toEqual(
      market.spreads.map(({ priority, method, isSuper }) => ({ priority, method, isSuper })),
    );
    market.spreads.forEach(({ rate, legs }, index) => {
      expect(byPriority[index]?.rate).toBeCloseTo(rate, 12);
      expect(byPriority[index]?.legs).toEqual(
        legs.map(({ combined, ratio, side }) => ({ underlying: combined, ratio, side })),
      );
    });
  });

  it('does not depend on where the chunks are cut', async () => {
    const small = inventMarket({ commodities: 2, months: 2, strikes: 2 });
    const whole = await readAll(write(small));
    for (const size of [1, 7, 131, 132, 133]) {
      const cut = await readAll(write(small), { size });
      expect(cut.contracts.map(plain)).toEqual(whole.contracts.map(plain));
      expect(cut.commodities).toEqual(whole.commodities);
    }
  });

  it('keeps only what was asked for, and counts the rest', async () => {
    const file = await readAll(write(market), {
      selection: {
        hasProduct: (_, product) => product === 'F003',
        has: ({ product, right }) => product === 'F003' && right === null,
      },
    });
    expect(file.contracts.map(({ product, type }) => `${product} ${type}`)).toEqual(Array(4).fill('F003 FUT'));
    expect(file.contractCount).toBe(contractsOf(market).length);
    expect(file.commodities).toHaveLength(12);
    expect(file.commodities.every(({ scanRangePerDelta }) => scanRangePerDelta !== null)).toBe(true);
  });

  it('tells progress by bytes', async () => {
    const steps: number[] = [];
    const size = Buffer.byteLength([...write(market)].join(''));
    await readRiskParameterFile({
      source: { name: 'file', bytes: inChunks(write(market), 65_536), onProgress: (done) => steps.push(done) },
      selection: everything,
      accountType: 'member',
    });
    expect(steps.at(-1)).toBe(size);
    expect([...steps].sort((left, right) => left - right)).toEqual(steps);
  });
});

describe('the two formats of one market', () => {
  it('say the same', async () => {
    const [spn, pa2] = [await readAll(writeSpn(market)), await readAll(writePa2(market))];
    const comparable = ({ exchange, product, underlyingMonth, right, strike, losses, delta, price }: RiskContract) =>
      JSON.stringify({ exchange, product, underlyingMonth, right, strike, losses: [...(losses ?? [])], delta, price });
    expect(spn.contracts.map(comparable).sort()).toEqual(pa2.contracts.map(comparable).sort());
  });
});

describe('readRiskParameterFile', () => {
  it('refuses an empty file', async () => {
    await expect(readAll([])).rejects.toThrow('file: the file is empty');
  });
});
