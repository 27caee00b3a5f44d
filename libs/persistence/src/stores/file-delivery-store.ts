import type { Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { FileDeliveryEntity } from '../entities/file-delivery.entity';
import { newId } from '../new-id';
import { instantFrom } from '../row-values';
import type { TenantScope } from '../tenant';

/** A file that stored something. */
export interface FileDelivery {
  readonly kind: 'positions' | 'balances';
  /** Name without its folder. */
  readonly fileName: string;
  /** SHA-256 of its bytes, 64 hexadecimal digits. */
  readonly sha256: string;
  readonly rowCount: number;
  readonly recordedBy: string;
}

/** Files a firm delivered, append-only. */
@Injectable()
export class FileDeliveryStore {
  constructor(private readonly database: Database) {}

  async record(scope: TenantScope, delivery: FileDelivery): Promise<void> {
    await this.database.withTenant(scope, (tx) =>
      tx.manager.insert(FileDeliveryEntity, { firmId: tx.firmId, deliveryId: newId(), ...delivery }),
    );
  }

  /** The last delivery under a name; null when there was none. */
  async findLatest(
    scope: TenantScope,
    delivery: Pick<FileDelivery, 'kind' | 'fileName'>,
  ): Promise<{ readonly sha256: string; readonly knownAt: Instant } | null> {
    const [row] = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ sha256: string; known_at: Date }>(
        `SELECT encode(sha256, 'hex') AS sha256, known_at FROM file_deliveries WHERE kind = $1 AND file_name = $2
         ORDER BY known_at DESC, delivery_id DESC LIMIT 1`,
        [delivery.kind, delivery.fileName],
      ),
    );
    return row === undefined ? null : { sha256: row.sha256, knownAt: instantFrom(row.known_at) };
  }
}
