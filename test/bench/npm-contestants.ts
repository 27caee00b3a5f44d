/**
 * Option pricing packages of the npm registry. They know no dividend yield, so their sums differ from ours.
 */
import { BlackScholes } from '@uqee/black-scholes';
import { blackScholes } from 'black-scholes';
import greeks from 'greeks';
import { measurePasses, type Contestant } from './contestant';
import type { Workload } from './workload';

interface Option {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
}

export function npmContestants({ rows }: Workload): readonly Contestant[] {
  const inputs = Array.from(rows.spot, (underlying, row) => ({
    ...{ underlying, strike: rows.strike[row] as number, time: rows.yearsToExpiry[row] as number },
    ...{ rate: rows.rate[row] as number, sigma: rows.volatility[row] as number },
    type: rows.right[row] === 1 ? ('call' as const) : ('put' as const),
  }));
  return [
    contestant('@uqee/black-scholes 1.0.7 (interpolated, no yield)', inputs, uqee()),
    contestant('black-scholes 1.1.0 + greeks 1.0.0 (no yield)', inputs, seriesPackages()),
  ];
}

type Input = {
  readonly underlying: number;
  readonly strike: number;
  readonly time: number;
  readonly rate: number;
  readonly sigma: number;
  readonly type: 'call' | 'put';
};

function uqee(): (input: Input) => Option {
  const pricer = new BlackScholes();
  return (input) => {
    const option = pricer.option(input);
    // Stated as the derivative in the time to expiry.
    return { ...option, theta: -option.theta };
  };
}

function seriesPackages(): (input: Input) => Option {
  return ({ underlying: s, strike: k, time: t, rate: r, sigma: v, type }) => ({
    price: blackScholes(s, k, t, v, r, type),
    delta: greeks.getDelta(s, k, t, v, r, type),
    gamma: greeks.getGamma(s, k, t, v, r),
    // Stated per volatility point.
    vega: 100 * greeks.getVega(s, k, t, v, r),
    theta: greeks.getTheta(s, k, t, v, r, type, 1),
  });
}

function contestant(name: string, inputs: readonly Input[], price: (input: Input) => Option): Contestant {
  return {
    task: 'price and Greeks',
    name,
    run: (milliseconds) => {
      let checksum = 0;
      const timed = measurePasses(milliseconds, inputs.length, () => {
        checksum = 0;
        for (const input of inputs) {
          const option = price(input);
          checksum += option.price + option.delta + option.gamma + option.vega + option.theta;
        }
      });
      return { ...timed, checksum };
    },
  };
}
