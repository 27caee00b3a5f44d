import type { NetSensitivity } from './net-sensitivities';

/** A name of a bucket of a product class. */
export interface SensitivityCell {
  readonly productClass: string;
  readonly bucket: string;
  readonly qualifier: string;
}

/** Net sensitivities of one name of a bucket, with the key of its cell. */
export interface CellSensitivity extends Omit<NetSensitivity, 'qualifier'> {
  readonly key: string;
  readonly cell: SensitivityCell;
}
