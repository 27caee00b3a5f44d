import { bachelierPrice, black76Price, blackScholesPrice, impliedVolatility } from '@ballast/pricing';
import fc from 'fast-check';
import { normalOption, RUNS, type SpotOption, spotOption } from '../support/european-arbitraries';

const discounted = ({ spot, strike, yearsToExpiry, rate, dividendYield }: SpotOption) => ({
  asset: spot * Math.exp(-dividendYield * yearsToExpiry),
  cash: strike * Math.exp(-rate * yearsToExpiry),
});
const other = (right: 'call' | 'put') => (right === 'call' ? 'put' : 'call');

describe('prices of European options', () => {
  it('keep put-call parity within 1e-15 of the largest amount (PR-01)', () => {
    fc.assert(
      fc.property(spotOption, (input) => {
        const { asset, cash } = discounted(input);
        const scale = Math.max(input.spot, input.strike, asset, cash);
        const call = blackScholesPrice({ ...input, right: 'call' });
        const put = blackScholesPrice({ ...input, right: 'put' });
        // Three ulp of the test's own Math.exp come on top.
        expect(Math.abs(call - put - (asset - cash))).toBeLessThanOrEqual(
          1e-15 * scale + 7e-16 * Math.max(asset, cash),
        );
      }),
      RUNS,
    );
  });

  it('stay between the arbitrage bounds (PR-02)', () => {
    fc.assert(
      fc.property(spotOption, (input) => {
        const { asset, cash } = discounted(input);
        const price = blackScholesPrice(input);
        const payoff = input.right === 'call' ? asset - cash : cash - asset;
        const noise = 1e-15 * Math.max(asset, cash);
        expect(price).toBeGreaterThanOrEqual(Math.max(0, payoff - noise));
        expect(price).toBeLessThanOrEqual((input.right === 'call' ? asset : cash) + noise);
      }),
      RUNS,
    );
  });

  it('fall and are convex in the strike of a call (PR-03)', () => {
    fc.assert(
      fc.property(spotOption, fc.double({ min: 0.001, max: 0.3, noNaN: true }), (option, width) => {
        const input = { ...option, right: 'call' as const };
        const at = (factor: number) => blackScholesPrice({ ...input, strike: input.strike * factor });
        const [low, middle, high] = [at(1 - width), at(1), at(1 + width)];
        const noise = 4e-15 * Math.max(input.spot, input.strike, ...Object.values(discounted(input)));
        expect(low).toBeGreaterThanOrEqual(middle - noise);
        expect(middle).toBeGreaterThanOrEqual(high - noise);
        expect(low - 2 * middle + high).toBeGreaterThanOrEqual(-noise);
      }),
      RUNS,
    );
  });

  it('rise with volatility, and with time where there is nothing to earn by waiting (PR-04)', () => {
    fc.assert(
      fc.property(spotOption, fc.double({ min: 1e-6, max: 1, noNaN: true }), (input, more) => {
        const noise = 1e-15 * Math.max(input.spot, input.strike, ...Object.values(discounted(input)));
        const price = blackScholesPrice(input);
        const volatility = input.volatility * (1 + more);
        expect(blackScholesPrice({ ...input, volatility })).toBeGreaterThanOrEqual(price - noise);
        const call = { ...input, rate: Math.abs(input.rate), dividendYield: 0, right: 'call' as const };
        const later = { ...call, yearsToExpiry: call.yearsToExpiry * (1 + more) };
        expect(blackScholesPrice(later)).toBeGreaterThanOrEqual(blackScholesPrice(call) - noise);
      }),
      RUNS,
    );
  });

  it('scale exactly with the unit of account (PR-05)', () => {
    fc.assert(
      fc.property(spotOption, fc.integer({ min: -20, max: 20 }), (input, power) => {
        const unit = 2 ** power;
        const scaled = { ...input, spot: input.spot * unit, strike: input.strike * unit };
        expect(blackScholesPrice(scaled)).toBe(blackScholesPrice(input) * unit);
      }),
      RUNS,
    );
  });

  it('exchange call and put when asset and cash change places', () => {
    fc.assert(
      fc.property(spotOption, (input) => {
        const { spot, strike, rate, dividendYield, right } = input;
        const mirrored = { ...input, spot: strike, strike: spot, rate: dividendYield, dividendYield: rate };
        const price = blackScholesPrice(input);
        const mirror = blackScholesPrice({ ...mirrored, right: other(right) });
        expect(Math.abs(mirror - price)).toBeLessThanOrEqual(
          1e-15 * Math.max(spot, strike, ...Object.values(discounted(input))),
        );
      }),
      RUNS,
    );
  });

  it('give back the volatility they were made with (PR-09)', () => {
    fc.assert(
      fc.property(spotOption, ({ spot: forward, strike, yearsToExpiry, volatility, right }) => {
        const quote = { right, forward, strike, yearsToExpiry };
        const price = black76Price({ ...quote, rate: 0, volatility });
        const answer = impliedVolatility({ ...quote, discountFactor: 1, price });
        const higher = black76Price({ ...quote, rate: 0, volatility: volatility * (1 + 1e-8) });
        // Where a change of 1e-8 moves the price by many ulp, the volatility must come back to 1e-8.
        if (price < 1e-290 || higher - price < 64 * 2.2e-16 * price) return;
        expect(answer.status).toBe('ok');
        if (answer.status === 'ok') expect(Math.abs(answer.volatility / volatility - 1)).toBeLessThan(1e-8);
      }),
      RUNS,
    );
  });

  it('come together with Black-76 where volatility is small (PR-11)', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e-3, noNaN: true }),
        (z, s) => {
          const common = { forward: 100, yearsToExpiry: 1, rate: 0.03, right: 'call' as const };
          const strike = 100 * (1 + z * s);
          const normal = bachelierPrice({ ...common, strike, volatility: 100 * s });
          const lognormal = black76Price({ ...common, strike, volatility: s });
          // The next order of the expansion in σ√T is −½·s·(distance/deviation)·… of the deviation itself.
          expect(Math.abs(normal - lognormal)).toBeLessThan(100 * s * s);
        },
      ),
      RUNS,
    );
  });

  it('under the normal model keep parity and bounds for prices of any sign (PR-11)', () => {
    fc.assert(
      fc.property(normalOption, (input) => {
        const discount = Math.exp(-input.rate * input.yearsToExpiry);
        const distance = (input.forward - input.strike) * discount;
        const call = bachelierPrice({ ...input, right: 'call' });
        const put = bachelierPrice({ ...input, right: 'put' });
        const deviation = input.volatility * Math.sqrt(input.yearsToExpiry);
        const scale = Math.max(Math.abs(input.forward), Math.abs(input.strike), deviation) * Math.max(1, discount);
        expect(Math.abs(call - put - distance)).toBeLessThanOrEqual(2e-15 * scale);
        expect(call).toBeGreaterThanOrEqual(Math.max(0, distance - 1e-15 * scale));
        expect(put).toBeGreaterThanOrEqual(Math.max(0, -distance - 1e-15 * scale));
      }),
      RUNS,
    );
  });

  it('under the normal model depend on the distance F − K alone', () => {
    fc.assert(
      fc.property(normalOption, fc.integer({ min: -512, max: 512 }), (option, shift) => {
        const onGrid = (x: number) => Math.round(x * 1024) / 1024;
        const input = { ...option, forward: onGrid(option.forward), strike: onGrid(option.strike) };
        const moved = { ...input, forward: input.forward + shift, strike: input.strike + shift };
        expect(bachelierPrice(moved)).toBe(bachelierPrice(input));
      }),
      RUNS,
    );
  });

  it('are the payoff at expiry and an error after it (PR-12)', () => {
    fc.assert(
      fc.property(spotOption, (option) => {
        const input = { ...option, yearsToExpiry: 0 };
        const payoff = input.right === 'call' ? input.spot - input.strike : input.strike - input.spot;
        expect(blackScholesPrice(input)).toBe(Math.max(0, payoff));
        expect(() => blackScholesPrice({ ...input, yearsToExpiry: -1e-9 })).toThrow(/^yearsToExpiry must be ≥ 0/);
      }),
      RUNS,
    );
  });
});
