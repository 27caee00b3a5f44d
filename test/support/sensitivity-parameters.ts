// A small parameter set of the Greeks-based methodology for tests: three buckets and the residual one, invented figures.
export const sensitivityParameterFile = {
  horizonDays: 14,
  riskWeights: { '1': 24, '2': 31, '12': 19, Residual: 36 },
  vegaRiskWeights: { '1': 0.4, '2': 0.5, '12': 0.9, Residual: 0.4 },
  historicalVolatilityRatio: 0.6,
  intraBucketCorrelations: { '1': 0.2, '2': 0.35, '12': 0.5 },
  bucketCorrelations: [
    [null, 0.15, 0.22],
    [0.15, null, 0.3],
    [0.22, 0.3, null],
  ],
  concentrationThresholds: {
    delta: { '1': 3e6, '2': 8e6, '12': 2e8, Residual: 5e5 },
    vega: { '1': 9e7, '2': 2e8, '12': 5e9, Residual: 4e7 },
  },
};
