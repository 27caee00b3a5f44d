import { instantOf, type Methodology } from '@ballast/domain';
import type { ParameterProposal } from '@ballast/persistence';
import { publishedDefaults } from '../risk-parameters/parameter-sets-in-effect';

/**
 * SPAN-style scan ranges of the demo underlyings: about 99 % of two-day moves in calm times, doubled, as a house would
 * set them. Written over the published default set key by key.
 */
const demoSpanParameters = {
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

/** A parameter set of the demo with who approves it. */
export type DemoProposal = Omit<ParameterProposal, 'id'> & { readonly decidedBy: string };

/** The set a firm of the demo uses for a methodology: its own for SPAN, the published defaults for the others. */
export function demoProposal(methodology: Methodology): DemoProposal {
  const effectiveFrom = instantOf(0);
  if (methodology !== 'SPAN') return { ...publishedDefaults, methodology, effectiveFrom, parameters: {} };
  const house = { name: 'house scan ranges', proposedBy: 'mara.risk@demo', decidedBy: 'jonas.admin@demo' } as const;
  return { ...house, methodology, effectiveFrom, parameters: demoSpanParameters };
}
