/**
 * SPAN-style scan ranges of the demo underlyings: about 99 % of two-day moves in calm times, doubled, as a house would
 * set them. Written over the published default set key by key.
 */
export const demoSpanParameters = {
  ALTA: {
    priceScanRange: { fraction: 0.15 },
    volatilityScanRange: 0.28,
    shortOptionMinimum: { rate: 37.5, method: 'gross' },
  },
  BXI: {
    priceScanRange: { fraction: 0.09 },
    volatilityScanRange: 0.3,
    shortOptionMinimum: { rate: 150, method: 'gross' },
  },
  HCX: {
    priceScanRange: { fraction: 0.1 },
    volatilityScanRange: 0.3,
    shortOptionMinimum: { rate: 75, method: 'gross' },
  },
  EURUSD: {
    priceScanRange: { fraction: 0.03 },
    volatilityScanRange: 0.3,
    shortOptionMinimum: { rate: 60, method: 'max' },
  },
  CRUDE: {
    priceScanRange: { fraction: 0.12 },
    volatilityScanRange: 0.28,
    shortOptionMinimum: { rate: 45, method: 'max' },
  },
} as const;
