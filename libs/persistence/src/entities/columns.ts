import { Decimal, instantOf, type Instant } from '@ballast/domain';
import { Column, type ColumnOptions } from 'typeorm';

type Options = Pick<ColumnOptions, 'name' | 'nullable' | 'primary'>;

/** `numeric` arrives as text and leaves as plain digits; `toString` would write exponents. */
const decimalTransformer = {
  to: (value: Decimal | null | undefined) => value?.toFixed() ?? value,
  from: (value: string | null) => (value == null ? value : new Decimal(value)),
};

const instantTransformer = {
  to: (value: Instant | null | undefined) => (value == null ? value : new Date(value)),
  from: (value: Date | null) => (value == null ? value : instantOf(value.getTime())),
};

/** Hashes are 32 bytes in the table and 64 hexadecimal digits outside. */
const hashTransformer = {
  to: (value: string | null | undefined) => (value == null ? value : Buffer.from(value, 'hex')),
  from: (value: Buffer | null) => value?.toString('hex') ?? value,
};

/** An exact number (`finite_numeric`). */
export function DecimalColumn(options: Options): PropertyDecorator {
  return Column({ type: 'numeric', transformer: decimalTransformer, ...options });
}

/** A model value (`finite_double`). */
export function DoubleColumn(options: Options): PropertyDecorator {
  return Column({ type: 'double precision', ...options });
}

/** A point in time, whole milliseconds. */
export function InstantColumn(options: Options & Pick<ColumnOptions, 'default'>): PropertyDecorator {
  return Column({ type: 'timestamptz', transformer: instantTransformer, ...options });
}

/** A SHA-256. */
export function HashColumn(options: Options): PropertyDecorator {
  return Column({ type: 'bytea', transformer: hashTransformer, ...options });
}

/** Bytes as they are. */
export function BytesColumn(options: Options): PropertyDecorator {
  return Column({ type: 'bytea', ...options });
}

export function UuidColumn(options: Options): PropertyDecorator {
  return Column({ type: 'uuid', ...options });
}

export function TextColumn(options: Options): PropertyDecorator {
  return Column({ type: 'text', ...options });
}

export function TextListColumn(options: Options): PropertyDecorator {
  return Column({ type: 'text', array: true, ...options });
}

export function CountColumn(options: Options & Pick<ColumnOptions, 'default'>): PropertyDecorator {
  return Column({ type: 'integer', ...options });
}

/** Kept byte for byte as written (`json`), see the migration. */
export function JsonColumn(options: Options & { readonly binary?: boolean }): PropertyDecorator {
  const { binary, ...rest } = options;
  return Column({ type: binary === true ? 'jsonb' : 'json', ...rest });
}
