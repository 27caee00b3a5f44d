import { canonicalJson, type Instrument } from '@ballast/domain';
import type { TableRow } from '@ballast/formats';
import { InstrumentStore, type TenantTransaction, type Underlying } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { ImportProblems } from './import-report';

/** Contracts and underlyings of a file with their lines. */
export interface Registration {
  readonly instruments: readonly (TableRow<Instrument> & { readonly file: string })[];
  readonly underlyings: readonly (TableRow<Underlying> & { readonly file: string })[];
}

/** Adds contracts and underlyings to a firm; what is known must agree, because terms never change. */
@Injectable()
export class InstrumentRegistration {
  constructor(private readonly instruments: InstrumentStore) {}

  /**
   * Registers inside the caller's transaction.
   *
   * @returns how many contracts are new
   * @throws FileRefusal as `check`
   */
  async register(
    transaction: TenantTransaction,
    registration: Registration,
    problems: ImportProblems,
  ): Promise<{ readonly inserted: number; readonly unchanged: number }> {
    await this.check(transaction, registration, problems);
    await this.instruments.upsertUnderlyings(
      transaction,
      registration.underlyings.map(({ value }) => value),
    );
    return this.instruments.upsertMany(
      transaction,
      registration.instruments.map(({ value }) => value),
    );
  }

  /**
   * Checks what is to be registered. Terms never change, so what agrees now agrees later.
   *
   * @throws FileRefusal naming every row that contradicts what is known or lacks its underlying
   */
  async check(
    transaction: TenantTransaction,
    { instruments, underlyings }: Registration,
    problems: ImportProblems,
  ): Promise<void> {
    const knownUnderlyings = await this.instruments.findUnderlyings(transaction);
    for (const { file, line, value } of underlyings) {
      const known = knownUnderlyings.get(value.id);
      if (known === undefined || (known.kind === value.kind && known.currency === value.currency)) continue;
      const reason = `known as ${known.kind} in ${known.currency}, here ${value.kind} in ${value.currency}`;
      problems.add({ file, line, column: 'underlying', value: value.id, reason });
    }
    const named = new Set([...knownUnderlyings.keys(), ...underlyings.map(({ value }) => value.id)]);
    const known = await this.instruments.findByIds(
      transaction,
      instruments.map(({ value }) => value.id),
    );
    for (const { file, line, value } of instruments) {
      if (!named.has(value.underlying)) {
        const reason = 'unknown underlying; import it in the same command (a file with underlying,kind,currency,…)';
        problems.add({ file, line, column: 'underlying', value: value.underlying, reason });
      }
      const before = known.get(value.id);
      if (before !== undefined && canonicalJson(before) !== canonicalJson(value)) {
        const reason = `known with other terms (${differences(before, value)}); terms never change, an adjusted contract is a new one`;
        problems.add({ file, line, column: 'id', value: value.id, reason });
      }
    }
    problems.refuseIfAny();
  }
}

function differences(before: Instrument, now: Instrument): string {
  const old = new Map(Object.entries(before));
  return Object.entries(now)
    .filter(([name, value]) => canonicalJson(old.get(name) ?? null) !== canonicalJson(value ?? null))
    .map(([name]) => name)
    .join(', ');
}
