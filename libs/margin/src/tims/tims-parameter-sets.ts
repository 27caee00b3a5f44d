import type { ParameterSet } from '../parameter-set';
import type { TimsParameters } from './tims-parameters';

/** Published parameter sets of TIMS, oldest first. */
export const timsParameterSets: readonly ParameterSet<TimsParameters>[] = [
  {
    id: 'tims-customer-portfolio-margin',
    effectiveFrom: '2005-07-14',
    source:
      'FINRA rule 4210(g) and OCC customer portfolio margin: ranges by product kind, ten points, 37.50 USD per standard ' +
      'contract; fx and other from the OCC risk-based haircuts; concentration and extreme moves as brokers publish them',
    values: {
      ranges: {
        equity: [-0.15, 0.15],
        'narrow-index': [-0.15, 0.15],
        'broad-index': [-0.1, 0.1],
        'high-cap-index': [-0.08, 0.06],
        fx: [-0.06, 0.06],
        future: [-0.1, 0.1],
        crypto: [-0.2, 0.2],
        other: [-0.2, 0.2],
      },
      valuationPoints: 10,
      minimumPerContract: 0.375,
      model: 'binomial-crr',
      steps: 500,
      productGroups: [],
      portfolioGroups: [],
      concentrationTest: { names: 2, move: 0.3, otherMove: 0.05 },
      extremeMove: 0.3,
      valuation: 'full',
    },
  },
];
