import { canonicalJson, type Instant, type Methodology } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { textHash } from '../content-hash';
import { Database } from '../database';
import { RiskParameterSetEntity } from '../entities/risk-parameter-set.entity';
import { newId } from '../new-id';
import { PersistenceError } from '../persistence-error';
import { toTimestamp, toTimestampOrNull } from '../row-values';
import { isUuid, type TenantScope } from '../tenant';

/** A version of a methodology's parameters; never changed, decided once. */
export interface RiskParameterSet {
  readonly id: string;
  readonly methodology: Methodology;
  /** Counts up from 1 within the methodology. */
  readonly version: number;
  readonly name: string;
  readonly effectiveFrom: Instant;
  /** The parameters exactly as proposed (numbers in their shortest form). */
  readonly parameters: unknown;
  /** SHA-256 of the canonical JSON of `parameters`. */
  readonly hash: string;
  readonly status: 'PROPOSED' | 'APPROVED' | 'REJECTED';
  readonly proposedBy: string;
  readonly proposedAt: Instant;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
}

export interface ParameterProposal {
  readonly id?: string;
  readonly methodology: Methodology;
  readonly name: string;
  readonly effectiveFrom: Instant;
  readonly parameters: unknown;
  readonly proposedBy: string;
}

/** Risk parameter sets of a firm: proposed by one person, decided by another, in effect from a date. */
@Injectable()
export class RiskParameterStore {
  constructor(private readonly database: Database) {}

  async propose(scope: TenantScope, proposal: ParameterProposal): Promise<RiskParameterSet> {
    const { methodology, name, effectiveFrom, parameters, proposedBy } = proposal;
    const canonicalText = canonicalJson(parameters);
    return this.database.withTenant(scope, async (tx) => {
      // Versions count without gaps or doubles: one proposer per methodology at a time.
      await tx.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 2))', [`${tx.firmId} ${methodology}`]);
      const [last] = await tx.rows<{ version: number }>(
        'SELECT coalesce(max(version), 0) AS version FROM risk_parameter_sets WHERE methodology = $1',
        [methodology],
      );
      const id = proposal.id ?? newId();
      await tx.execute(
        `INSERT INTO risk_parameter_sets (firm_id, parameter_set_id, methodology, version, name, effective_from, parameters, canonical_text, content_hash, status, proposed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $7, $8, 'PROPOSED', $9)`,
        [
          tx.firmId,
          id,
          methodology,
          (last?.version ?? 0) + 1,
          name,
          toTimestamp(effectiveFrom),
          canonicalText,
          Buffer.from(textHash(canonicalText), 'hex'),
          proposedBy,
        ],
      );
      return toSet(await tx.manager.findOneByOrFail(RiskParameterSetEntity, { parameterSetId: id }));
    });
  }

  /**
   * Approves or rejects a proposal.
   *
   * @throws PersistenceError 'NOT_FOUND', 'CONFLICT' when it is decided already, 'VALUE_REFUSED' when the proposer decides
   */
  async decide(
    scope: TenantScope,
    decision: { readonly id: string; readonly status: 'APPROVED' | 'REJECTED'; readonly decidedBy: string },
  ): Promise<RiskParameterSet> {
    const { id, status, decidedBy } = decision;
    return this.database.withTenant(scope, async (tx) => {
      const touched = isUuid(id)
        ? await tx.execute(
            `UPDATE risk_parameter_sets SET status = $2, decided_by = $3, decided_at = current_instant()
             WHERE parameter_set_id = $1 AND status = 'PROPOSED'`,
            [id, status, decidedBy],
          )
        : 0;
      const set = await this.findById(tx, id);
      if (set === null) throw new PersistenceError('NOT_FOUND', 'the parameter set does not exist');
      if (touched === 0) throw new PersistenceError('CONFLICT', `the parameter set is ${set.status} already`);
      return set;
    });
  }

  async findById(scope: TenantScope, id: string): Promise<RiskParameterSet | null> {
    return (await this.findByIds(scope, [id])).get(id) ?? null;
  }

  /** Finds many at once; an unknown id is absent. */
  async findByIds(scope: TenantScope, ids: readonly string[]): Promise<Map<string, RiskParameterSet>> {
    const known = [...new Set(ids.filter(isUuid))];
    if (known.length === 0) return new Map();
    const sets = await this.database.withTenant(scope, (tx) =>
      tx.manager
        .createQueryBuilder(RiskParameterSetEntity, 'p')
        .where('p.parameter_set_id = ANY (:known::uuid[])', { known })
        .getMany(),
    );
    return new Map(sets.map((set) => [set.parameterSetId, toSet(set)]));
  }

  /** All versions, newest first within each methodology. */
  async findAll(scope: TenantScope, methodology?: Methodology): Promise<RiskParameterSet[]> {
    const sets = await this.database.withTenant(scope, (tx) =>
      tx.manager.find(RiskParameterSetEntity, {
        where: methodology === undefined ? {} : { methodology },
        order: { methodology: 'ASC', version: 'DESC' },
      }),
    );
    return sets.map(toSet);
  }

  /**
   * The approved set in effect at `asOf`: the latest `effectiveFrom` at or before it, of equals the newest version.
   * With `knownAt` only sets approved by then count: what was believed then.
   */
  async findInEffect(
    scope: TenantScope,
    at: { readonly methodology: Methodology; readonly asOf: Instant; readonly knownAt?: Instant | undefined },
  ): Promise<RiskParameterSet | null> {
    return this.database.withTenant(scope, async (tx) => {
      const [row] = await tx.rows<{ id: string }>(
        `SELECT parameter_set_id AS id FROM risk_parameter_sets
         WHERE methodology = $1 AND effective_from <= $2 AND status = 'APPROVED'
           AND ($3::timestamptz IS NULL OR decided_at <= $3)
         ORDER BY effective_from DESC, version DESC LIMIT 1`,
        [at.methodology, toTimestamp(at.asOf), toTimestampOrNull(at.knownAt)],
      );
      return row === undefined ? null : this.findById(tx, row.id);
    });
  }
}

function toSet(set: RiskParameterSetEntity): RiskParameterSet {
  return {
    id: set.parameterSetId,
    methodology: set.methodology,
    version: set.version,
    name: set.name,
    effectiveFrom: set.effectiveFrom,
    parameters: JSON.parse(set.canonicalText) as unknown,
    hash: set.contentHash,
    status: set.status,
    proposedBy: set.proposedBy,
    proposedAt: set.proposedAt,
    decidedBy: set.decidedBy,
    decidedAt: set.decidedAt,
  };
}
