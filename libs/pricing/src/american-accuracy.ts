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

/** What each mode uses. */
export const BOUNDARY_ACCURACY: Readonly<Record<AmericanMode, BoundaryAccuracy>> = {
  fast: { grid: boundaryGrid(8, 10), rule: gaussLegendre(8), tolerance: 4e-3 },
  accurate: { grid: boundaryGrid(16, 20), rule: gaussLegendre(16), tolerance: 1e-5 },
};
