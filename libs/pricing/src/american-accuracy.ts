/**
 * The two accuracies of the American collocation method and what they use.
 */
import { boundaryGrid, type BoundaryGrid } from './american-boundary-grid';
import { gaussLegendre, type QuadratureRule } from './gauss-legendre';

/** How exact: `accurate` within 1e-4 per 100 of strike; `fast` within 1.5e-3, half of all cases within 1e-6. */
export type AmericanMode = 'fast' | 'accurate';

/** Grid of the boundary, quadrature on each panel of the premium, tolerance of Newton's method. */
export interface BoundaryAccuracy {
  readonly grid: BoundaryGrid;
  readonly rule: QuadratureRule;
  /** Largest relative change of a boundary distance in the last step; what is left is of the order of its square. */
  readonly tolerance: number;
}

/**
 * What each mode uses. `wide` is the accurate mode where the boundary moves over more than 1.5 standard deviations: there
 * 16 points miss by up to 3e-4 per 100 of strike, these by 2e-6. Its panels need as many nodes as it has points, as the
 * quadrature must resolve the last Chebyshev term.
 */
export const BOUNDARY_ACCURACY: Readonly<Record<AmericanMode | 'wide', BoundaryAccuracy>> = {
  fast: { grid: boundaryGrid(8, 10), rule: gaussLegendre(8), tolerance: 4e-3 },
  accurate: { grid: boundaryGrid(16, 20), rule: gaussLegendre(16), tolerance: 1e-5 },
  wide: { grid: boundaryGrid(32, 28), rule: gaussLegendre(32), tolerance: 1e-5 },
};
