import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { FirmEntity } from '../entities/firm.entity';
import { newId } from '../new-id';
import type { TenantTransaction } from '../tenant';

/** A tenant. */
export interface Firm {
  readonly id: string;
  /** Short name an operator types, for example `--firm ALPHA`. */
  readonly code: string;
  readonly name: string;
}

interface FirmRow {
  readonly firm_id: string;
  readonly code: string;
  readonly name: string;
}

/** Which tenants exist. Asked by command lines, workers and the boot, never on behalf of a tenant. */
@Injectable()
export class FirmStore {
  constructor(private readonly database: Database) {}

  /** All firms in order of their code. */
  async findAll(): Promise<Firm[]> {
    const rows = await this.database.rowsWithoutTenant<FirmRow>('SELECT * FROM firm_directory()');
    return rows.map(toFirm);
  }

  async findByCode(code: string): Promise<Firm | null> {
    const sql = 'SELECT * FROM firm_directory() WHERE code = $1';
    const [row] = await this.database.rowsWithoutTenant<FirmRow>(sql, [code]);
    return row === undefined ? null : toFirm(row);
  }

  /**
   * @param scope  a transaction of the new firm's own id to join; its own transaction when absent
   * @throws PersistenceError 'CONFLICT' when the code is taken
   */
  async create(
    firm: { readonly id?: string; readonly code: string; readonly name: string },
    scope?: TenantTransaction,
  ): Promise<Firm> {
    const created: Firm = { id: firm.id ?? scope?.firmId ?? newId(), code: firm.code, name: firm.name };
    await this.database.withTenant(scope ?? { firmId: created.id }, async ({ manager }) => {
      await manager.insert(FirmEntity, { firmId: created.id, code: created.code, name: created.name });
    });
    return created;
  }
}

function toFirm(row: FirmRow): Firm {
  return { id: row.firm_id, code: row.code, name: row.name };
}
