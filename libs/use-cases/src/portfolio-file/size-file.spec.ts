// Sizing of portfolio files: figures by hand, refusals and text.
import { formatSizeReport, sizeBufferOfFile } from './size-file';

const file = (cash: string, price: string | undefined = '100') =>
  JSON.stringify({
    asOf: '2026-01-05T12:00:00Z',
    methodology: 'TIMS',
    baseCurrency: 'USD',
    cash,
    market: {
      underlyings: [{ id: 'U', kind: 'equity', currency: 'USD', price: '100' }],
      instruments: [
        { id: 'F', type: 'future', underlying: 'U', expiry: '2026-06-18T12:00:00Z', multiplier: '100', price },
        { id: 'C', type: 'option', underlying: 'U', right: 'call', strike: '100', expiry: '2026-06-18T12:00:00Z', multiplier: '100' },
      ], // prettier-ignore
    },
    positions: [{ instrument: price === '100' ? 'F' : 'C', quantity: '1' }],
  });
const days = Array.from({ length: 41 }, (_, day) => new Date(Date.UTC(2025, 10, 20 + day)).toISOString().slice(0, 10));
const prices = (symbol = 'U') => ({
  name: 'prices.csv',
  bytes: Buffer.from(`date,${symbol}\n${days.map((day, index) => `${day},${index % 2 === 0 ? 100 : 99}\n`).join('')}`),
});
const answer = (text: string, history = prices(), choice: object = {}) => {
  const result = sizeBufferOfFile({ text, fileName: 'p.json', prices: history, ...choice });
  if (result.status === 'rejected') throw new Error(`${result.exitCode} ${result.message}`);
  return result;
};
const amountsOf = (text: string) =>
  Object.fromEntries(answer(text).output.components.map(({ name, amount }) => [name, amount]));

describe('sizeBufferOfFile', () => {
  it('of one future with 2,500 agrees with the components by hand', () => {
    const { output } = answer(file('2500'));
    // maintenance 15 % of 10,000
    expect(output).toMatchObject({ quality: 'OK', currency: 'USD' });
    expect(output.buffer).toBeCloseTo(1000, 8);
    const amounts = amountsOf(file('2500'));
    expect(amounts['concentration']).toBeCloseTo(0.1 * 0.5 * 10_000, 8);
    // No bid-ask in the file: half of a tenth of a percent of the price.
    expect(amounts['liquidity']).toBeCloseTo(0.5 * 0.001 * 100 * 100, 8);
    expect(amounts['leverage']).toBe(0);
    expect(output.recommendedBuffer).toBe(Math.max(...output.components.map(({ amount }) => amount)));
    expect(output.components.filter(({ binding }) => binding).map(({ amount }) => amount)).toEqual([
      output.recommendedBuffer,
    ]);
  });

  it('charges size by bid-ask, open interest and volume of the file and by its own terms', () => {
    const sized = (contract: object, extra: object = {}, quantity = '10') => {
      const parsed = JSON.parse(file('50000')) as { market: { instruments: object[] } };
      const [held, ...others] = parsed.market.instruments;
      const market = { ...parsed.market, instruments: [{ ...held, ...contract }, ...others] };
      const text = JSON.stringify({ ...parsed, market, positions: [{ instrument: 'F', quantity }], ...extra });
      const { output } = answer(text);
      const liquidity = output.components.find(({ name }) => name === 'liquidity');
      return { amount: liquidity?.amount, explanation: liquidity?.explanation, text: formatSizeReport(output) };
    };
    // Spread 0.4 on 100 units: half of it for 10 contracts is 200. 10 % of 50 open leaves 5, 20 % of 5 a day over two
    // days leaves 8: these pay 40 each.
    const quoted = { bid: '99.8', ask: '100.2' };
    expect(sized(quoted).amount).toBeCloseTo(200, 8);
    expect(sized(quoted).text).toContain('liquidity: no figures of size, charged by bid-ask alone: F');
    expect(sized({ ...quoted, openInterest: '50' }).amount).toBeCloseTo(400, 8);
    const full = sized({ ...quoted, openInterest: '50', volume: '5' }, {}, '-10');
    expect(full.amount).toBeCloseTo(520, 8);
    expect(full.explanation).toEqual([
      'F: of 10 contracts 5 beyond 10 % of open interest 50, 8 beyond 20 % of volume 5 over 2 days (10 days to liquidate); 8 at 1 × spread 0.4: 320', // prettier-ignore
    ]);
    const own = { sizing: { liquidity: { volumeShare: 0.5, excessSpreads: 2 } } };
    expect(sized({ ...quoted, openInterest: '50', volume: '5' }, own).amount).toBeCloseTo(200 + 2 * 5 * 40, 8);
    const wrong = JSON.stringify({ ...(JSON.parse(file('1')) as object), sizing: { liquidity: { volumeShare: 2 } } });
    const refused = sizeBufferOfFile({ text: wrong, fileName: 'p.json', prices: prices() });
    expect(refused).toMatchObject({ status: 'rejected', exitCode: 3, message: expect.stringContaining('sizing.liquidity.volumeShare') as unknown }); // prettier-ignore
  });

  it('asks more of a leveraged account and looks again sooner', () => {
    const leverage = ['2500', '1800', '900', '400'].map((cash) => amountsOf(file(cash))['leverage']);
    expect(leverage).toEqual([0, 150, 300, 600].map((amount) => expect.closeTo(amount, 8)));
    const [thick, thin] = ['9000', '1600'].map((cash) => answer(file(cash)).output.reviewInterval);
    expect(thin).toBeLessThan(thick as number);
    expect(answer(file('1500')).output.reviewInterval).toBe(1);
    expect(answer(file('-1')).output.components.find(({ name }) => name === 'leverage')?.amount).toBeCloseTo(600, 8);
  });

  it('finds the column of an underlying by its stated name', () => {
    const { output } = answer(file('2500'), prices('ACME'), { symbols: { U: 'ACME' } });
    expect(output).toEqual(answer(file('2500')).output);
  });

  it('exits 5 without a price and 3 without a history', () => {
    const unknown = answer(file('2500', '1'));
    expect(unknown).toMatchObject({ exitCode: 5, output: { recommendedBuffer: null, reviewInterval: null } });
    expect(formatSizeReport(unknown.output)).toContain('Recommended buffer');
    const refused = sizeBufferOfFile({ text: file('2500'), fileName: 'p.json', prices: prices('V') });
    expect(refused).toMatchObject({ status: 'rejected', exitCode: 3 });
  });

  it('marks what binds in its text', () => {
    const { output } = answer(file('2500'));
    const text = formatSizeReport(output);
    const binding = output.components.find((component) => component.binding)?.name;
    expect(text).toContain(`${binding} *`);
    expect(text).toContain('held 1,000.00 USD');
    expect(text).toMatch(/Look again in \d+ minutes/);
  });
});
