import { checkBufferPolicy, defaultBufferPolicy } from '@ballast/buffer';
import { Decimal, DomainError, type Instant, parseCurrency } from '@ballast/domain';
import {
  AccountStore,
  BufferPolicyStore,
  IdempotencyStore,
  type StoredBufferPolicy,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type Principal, requirePermission } from '../caller/principal';
import { requireIdempotencyKey } from '../caller/required-text';
import { toBufferPolicy } from '../run/run-inputs';
import { UseCaseError } from '../caller/use-case-error';

/** Levels of a policy that a client may state; what is absent keeps the value in force at the date. */
export interface BufferPolicyLevels {
  readonly liquidationMultiple?: Decimal | undefined;
  readonly marginCallMultiple?: Decimal | undefined;
  readonly watchMultiple?: Decimal | undefined;
  readonly callTargetMultiple?: Decimal | undefined;
  readonly releaseMultiple?: Decimal | undefined;
  /** Replaces the whole list; currencies that are not named have none. */
  readonly fxHaircuts?: readonly { readonly currency: string; readonly haircut: Decimal }[] | undefined;
}

/** A policy as a client asks for it. */
export interface SetBufferPolicyCommand extends BufferPolicyLevels {
  /** Chosen by the client, 1 to 128 characters. */
  readonly idempotencyKey: string;
  /** Code of the account; absent = the policy of the whole firm, for accounts without one of their own. */
  readonly accountCode?: string | undefined;
  /** Since when it holds; now when absent. */
  readonly effectiveFrom?: Instant | undefined;
  readonly now: Instant;
}

/** What was set. */
export interface BufferPolicyOutcome {
  readonly policy: StoredBufferPolicy;
  /** Null for the policy of the whole firm. */
  readonly accountId: string | null;
}

type Levels = Omit<StoredBufferPolicy, 'id' | 'accountId' | 'effectiveFrom' | 'recordedBy'>;

const operation = 'setBufferPolicy';

/** Sets a buffer policy of an account or of the firm from a date on, once per key. Earlier versions stay. */
@Injectable()
export class SetBufferPolicy {
  constructor(
    private readonly idempotency: IdempotencyStore,
    private readonly accounts: AccountStore,
    private readonly policies: BufferPolicyStore,
  ) {}

  /**
   * @throws UseCaseError 'FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND' for an unknown account; DomainError
   *         'INVALID_PARAMETER' when the steps are out of order or a haircut is no fraction; PersistenceError 'CONFLICT'
   *         when the key was used for another request
   */
  async execute(principal: Principal, command: SetBufferPolicyCommand): Promise<BufferPolicyOutcome> {
    requirePermission(principal, 'set-policy');
    const { now, idempotencyKey, ...request } = command;
    requireIdempotencyKey(idempotencyKey);
    const { firmId, accountIds, subject } = principal;
    if (command.accountCode === undefined && accountIds !== undefined)
      throw new UseCaseError('FORBIDDEN', 'a token limited to accounts cannot set the policy of the firm');
    const context = { firmId, ...(accountIds === undefined ? {} : { accountIds }) };
    const asked = { ...request, effectiveFrom: request.effectiveFrom ?? null };
    const { response } = await this.idempotency.once(
      context,
      { operation, key: idempotencyKey, request: asked },
      async (tx) => packed(await this.set(tx, command, { now, subject })),
    );
    return unpacked(response);
  }

  private async set(
    tx: TenantTransaction,
    command: SetBufferPolicyCommand,
    { now, subject }: { readonly now: Instant; readonly subject: string },
  ): Promise<StoredBufferPolicy> {
    const accountId = await this.accountIdOf(tx, command.accountCode);
    const effectiveFrom = command.effectiveFrom ?? now;
    const inForce =
      accountId === null
        ? await this.policies.findOfFirm(tx, effectiveFrom)
        : ((await this.policies.findInEffect(tx, [accountId], effectiveFrom)).get(accountId) ?? null);
    const levels = {
      ...(inForce === null ? publishedLevels(effectiveFrom) : levelsOf(inForce)),
      ...statedLevels(command),
    };
    const policy = { ...levels, accountId, effectiveFrom, recordedBy: subject };
    checkBufferPolicy(toBufferPolicy({ ...policy, id: '' }, effectiveFrom));
    if (!policy.liquidationMultiple.greaterThan(0))
      throw new DomainError('INVALID_PARAMETER', 'liquidationMultiple: expected more than 0', 'liquidationMultiple');
    return this.policies.add(tx, policy);
  }

  private async accountIdOf(tx: TenantTransaction, code: string | undefined): Promise<string | null> {
    if (code === undefined) return null;
    const account = await this.accounts.findByCode(tx, code);
    if (account === null) throw new UseCaseError('NOT_FOUND', `no account has the code ${code}`, 'accountCode');
    return account.id;
  }
}

function statedLevels(command: BufferPolicyLevels): Partial<Levels> {
  const { liquidationMultiple, marginCallMultiple, watchMultiple, callTargetMultiple, releaseMultiple } = command;
  const multiples = { liquidationMultiple, marginCallMultiple, watchMultiple, callTargetMultiple, releaseMultiple };
  const stated = Object.fromEntries(Object.entries(multiples).filter(([, value]) => value !== undefined));
  if (command.fxHaircuts === undefined) return stated;
  const fxHaircuts: Record<string, Decimal> = Object.create(null) as Record<string, Decimal>;
  command.fxHaircuts.forEach(({ currency, haircut }, index) => {
    const field = `fxHaircuts[${index}].currency`;
    parseCurrency(currency, field);
    if (currency in fxHaircuts) throw new UseCaseError('BAD_USER_INPUT', `${field}: ${currency} is named twice`, field);
    fxHaircuts[currency] = haircut;
  });
  return { ...stated, fxHaircuts };
}

function levelsOf(policy: StoredBufferPolicy): Levels {
  const { liquidationMultiple, marginCallMultiple, watchMultiple, callTargetMultiple, releaseMultiple } = policy;
  const { fxHaircuts } = policy;
  return {
    liquidationMultiple,
    marginCallMultiple,
    watchMultiple,
    callTargetMultiple,
    releaseMultiple,
    fxHaircuts,
  };
}

/** The built-in policy in the form of a stored one. */
export function publishedLevels(at: Instant): Levels {
  const policy = defaultBufferPolicy(at);
  return {
    liquidationMultiple: new Decimal(policy.liquidationMultiple),
    marginCallMultiple: new Decimal(policy.callMultiple),
    watchMultiple: new Decimal(policy.watchMultiple),
    callTargetMultiple: new Decimal(policy.callTargetMultiple),
    releaseMultiple: new Decimal(policy.releaseMultiple),
    fxHaircuts: Object.fromEntries(
      Object.entries(policy.fxHaircuts).map(([currency, haircut]) => [currency, new Decimal(haircut)]),
    ),
  };
}

/** The remembered answer is plain JSON. */
function packed(policy: StoredBufferPolicy) {
  const { id, accountId, effectiveFrom, recordedBy, fxHaircuts, ...multiples } = policy;
  const digits = (values: Readonly<Record<string, Decimal>>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value.toFixed()]));
  return { id, accountId, effectiveFrom, recordedBy, multiples: digits(multiples), fxHaircuts: digits(fxHaircuts) };
}

function unpacked(answer: ReturnType<typeof packed>): BufferPolicyOutcome {
  const { id, accountId, effectiveFrom, recordedBy } = answer;
  const decimals = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, new Decimal(value)]));
  const multiples = decimals(answer.multiples) as unknown as Omit<Levels, 'fxHaircuts'>;
  const fxHaircuts = decimals(answer.fxHaircuts);
  return { policy: { id, accountId, effectiveFrom, recordedBy, ...multiples, fxHaircuts }, accountId };
}
