import { Injectable } from '@nestjs/common';
import { contentHash } from '../content-hash';
import { Database } from '../database';
import { IdempotencyKeyEntity } from '../entities/idempotency-key.entity';
import { PersistenceError } from '../persistence-error';
import type { TenantContext, TenantTransaction } from '../tenant';

/** Answers of client-chosen keys: a request that is repeated is not done again. */
@Injectable()
export class IdempotencyStore {
  constructor(private readonly database: Database) {}

  /**
   * Does something once per key: the effect and the remembered answer commit together. A repeat with the same request
   * gets the same answer; two at a time wait for each other.
   *
   * @param request  what the client asked for, without the key; must have a canonical JSON form
   * @param perform  the effect, inside the transaction; its answer must be plain JSON
   * @throws PersistenceError 'CONFLICT' when the key was used for another request
   */
  async once<Response>(
    context: TenantContext,
    input: { readonly operation: string; readonly key: string; readonly request: unknown },
    perform: (transaction: TenantTransaction) => Promise<Response>,
  ): Promise<{ readonly response: Response; readonly repeated: boolean }> {
    const { operation, key, request } = input;
    const requestHash = contentHash(request);
    return this.database.withTenant(context, async (tx) => {
      await tx.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 3))', [`${tx.firmId} ${operation} ${key}`]);
      const known = await tx.manager.findOneBy(IdempotencyKeyEntity, { operation, key });
      if (known !== null) {
        if (known.requestHash === requestHash) return { response: known.response as Response, repeated: true };
        throw new PersistenceError('CONFLICT', 'idempotencyKey: it was used for another request');
      }
      const response = await perform(tx);
      await tx.execute(
        'INSERT INTO idempotency_keys (firm_id, operation, key, request_hash, response) VALUES ($1, $2, $3, $4, $5)',
        [tx.firmId, operation, key, Buffer.from(requestHash, 'hex'), JSON.stringify(response)],
      );
      return { response, repeated: false };
    });
  }
}
