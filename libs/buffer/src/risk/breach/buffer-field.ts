import type { BufferCurve } from './buffer-curve';

/** Just before what expires at an instant settles, or just after. */
export type NodeSide = 'entering' | 'leaving';

/**
 * How the buffer is evaluated on a path. SINGLE: one underlying, interpolated. PER_UNDERLYING: the requirement is the sum over
 * underlyings, each interpolated. COMBINED: underlyings offset one another; what each contributes is interpolated, the
 * methodology nets the contributions at every instant. JOINT: what one contributes depends on the price of another, the
 * whole account is revalued at every instant.
 */
export type FieldKind = 'SINGLE' | 'PER_UNDERLYING' | 'COMBINED' | 'JOINT';

/** Buffer of an account at the instants of a path as a function of the log moves of its underlyings. */
export interface BufferField {
  readonly kind: FieldKind;
  /** Equity − maintenance [base currency], without what settled before. @param node  −1 = now */
  readonly bufferAt: (node: number, side: NodeSide, moves: Float64Array) => number;
  /** Cash that expiring contracts leave behind [base currency]; 0 where none expire. */
  readonly settlementAt: (node: number, moves: Float64Array) => number;
  /** ∂buffer/∂(log price) per underlying [base currency]. @param buffer  as bufferAt gives it there */
  readonly slopesAt: (node: number, side: NodeSide, moves: Float64Array, buffer: number) => Float64Array;
  /** The curve of a SINGLE field. */
  readonly curveAt: (node: number, side: NodeSide) => BufferCurve | null;
}
