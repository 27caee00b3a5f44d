import { parseSizingParameters } from '@ballast/buffer';
import { DomainError, type Instant, type Methodology } from '@ballast/domain';
import { prepareHouseMethod, splitParameterSet } from '@ballast/margin';
import {
  contentHash,
  Database,
  IdempotencyStore,
  ParameterImpactStore,
  type ParameterProposal,
  type RiskParameterSet,
  RiskParameterStore,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { ParameterImpactReport } from './parameter-impact';
import { type Principal, requirePermission } from '../caller/principal';
import { requireIdempotencyKey, requireSentence } from '../caller/required-text';
import { UseCaseError } from '../caller/use-case-error';
import { requireScanRanges } from './require-scan-ranges';

/** A parameter set as a client proposes it. */
export interface ProposalCommand {
  /** Chosen by the client, 1 to 128 characters. */
  readonly idempotencyKey: string;
  readonly methodology: Methodology;
  readonly name: string;
  readonly effectiveFrom: Instant;
  /** JSON text of the overrides, `house` rules and `sizing` among them. */
  readonly parametersText: string;
}

/** The stores a proposal is written to. */
@Injectable()
export class ProposalStores {
  constructor(
    readonly parameterSets: RiskParameterStore,
    readonly impacts: ParameterImpactStore,
    readonly idempotency: IdempotencyStore,
  ) {}
}

/** Proposes parameter sets together with the report of what they would do; another person decides. */
@Injectable()
export class ProposeRiskParameters {
  constructor(
    private readonly database: Database,
    private readonly stores: ProposalStores,
    private readonly report: ParameterImpactReport,
  ) {}

  /**
   * Proposes once per key.
   *
   * @throws UseCaseError 'FORBIDDEN', 'BAD_USER_INPUT'; DomainError 'INVALID_PARAMETER' naming the key the methodology
   *         does not know or take; PersistenceError 'CONFLICT' when the key was used for another request
   */
  async execute(principal: Principal, command: ProposalCommand): Promise<RiskParameterSet> {
    requirePermission(principal, 'propose-parameters');
    if (principal.accountIds !== undefined)
      throw new UseCaseError('FORBIDDEN', 'a token limited to accounts cannot propose parameters of the firm');
    const key = requireIdempotencyKey(command.idempotencyKey);
    const { methodology, effectiveFrom } = command;
    const parameters = parseParameters(command.parametersText);
    const name = requireSentence(command.name, 'name');
    prepareHouseMethod({ methodology, parameters, asOf: effectiveFrom });
    requireScanRanges(parameters);
    requireSizing(parameters, effectiveFrom);
    const context = { firmId: principal.firmId };
    const proposal: ParameterProposal = { methodology, name, effectiveFrom, parameters, proposedBy: principal.subject };
    const impact = await this.report.compute(context, proposal);
    const request = { methodology, name, effectiveFrom, parameters };
    const { response } = await this.stores.idempotency.once(
      context,
      { operation: 'proposeRiskParameters', key, request },
      async (transaction) => {
        const set = await this.stores.parameterSets.propose(transaction, proposal);
        await this.stores.impacts.insert(transaction, set.id, impact);
        return { id: set.id };
      },
    );
    const set = await this.stores.parameterSets.findById(context, response.id);
    if (set === null) throw new UseCaseError('NOT_FOUND', 'the proposal is gone');
    return set;
  }

  /** Proposes what a file holds; the same content with the same effective date is not proposed again unless it was rejected. */
  async proposeOnce(
    context: { readonly firmId: string },
    proposal: ParameterProposal,
  ): Promise<{ readonly parameterSet: RiskParameterSet; readonly isNew: boolean }> {
    const { methodology, effectiveFrom, parameters } = proposal;
    requireSizing(parameters, effectiveFrom);
    const hash = contentHash(parameters);
    const isSame = (set: RiskParameterSet): boolean =>
      set.hash === hash && set.effectiveFrom === effectiveFrom && set.status !== 'REJECTED';
    const known = (await this.stores.parameterSets.findAll(context, methodology)).find(isSame);
    if (known !== undefined) return { parameterSet: known, isNew: false };
    const impact = await this.report.compute(context, proposal);
    return this.database.withTenant(context, async (transaction) => {
      const parameterSet = await this.stores.parameterSets.propose(transaction, proposal);
      await this.stores.impacts.insert(transaction, parameterSet.id, impact);
      return { parameterSet, isNew: true };
    });
  }
}

/** @throws DomainError 'INVALID_PARAMETER' naming what sizing does not know or take */
function requireSizing(parameters: unknown, asOf: Instant): void {
  parseSizingParameters(splitParameterSet(parameters).sizing, 'parameters.sizing', asOf);
}

function parseParameters(text: string): unknown {
  let parameters: unknown;
  try {
    parameters = JSON.parse(text);
  } catch {
    throw new UseCaseError('BAD_USER_INPUT', 'parameters: expected JSON text of an object', 'parameters');
  }
  if (typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)) return parameters;
  throw new DomainError('INVALID_PARAMETER', 'parameters: expected a JSON object', 'parameters');
}
