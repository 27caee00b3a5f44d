// Positions of a file matched with the contracts that a risk-parameter file was asked for.
import { Decimal } from '@ballast/domain';
import {
  contractIds,
  describePositionContract,
  type FileProblem,
  FileRefusal,
  type RiskContract,
  type RiskPositionContract,
  type RiskPositionRecord,
  type TableContent,
} from '@ballast/formats';

/** Net quantities of one account, by contract; contracts in the order of the file. */
export interface MatchedAccount {
  /** Empty where the positions file has no account column. */
  readonly account: string;
  readonly quantities: ReadonlyMap<RiskContract, number>;
}

/**
 * Matches every position with its contract and nets lots per account and contract.
 *
 * @throws FileRefusal naming line and value of every position whose contract the file does not have, or has twice
 */
export function matchRiskPositions(
  positions: TableContent<RiskPositionRecord>,
  contracts: readonly RiskContract[],
  parameterFile: string,
): readonly MatchedAccount[] {
  const index = indexContracts(contracts);
  const problems: FileProblem[] = [];
  const accounts = new Map<string, Map<RiskContract, Decimal>>();
  for (const { line, value } of positions.rows) {
    const found = findContracts(value.contract, index);
    const [contract] = found;
    if (contract === undefined || found.length > 1) {
      problems.push({
        file: positions.file,
        line,
        column: value.contract.by === 'id' ? 'instrument' : 'commodity',
        value: describePositionContract(value.contract),
        reason:
          contract === undefined
            ? `no such contract in ${parameterFile}`
            : `${found.length} contracts of ${parameterFile} match; ${howToTell(value.contract, contract)}`,
      });
      continue;
    }
    const held = accounts.get(value.account) ?? new Map<RiskContract, Decimal>();
    held.set(contract, (held.get(contract) ?? new Decimal(0)).plus(value.quantity));
    accounts.set(value.account, held);
  }
  if (problems.length > 0) throw new FileRefusal(problems);
  const order = new Map(contracts.map((contract, place) => [contract, place]));
  return [...accounts]
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([account, held]) => ({
      account,
      quantities: new Map(
        [...held]
          .sort(([left], [right]) => (order.get(left) ?? 0) - (order.get(right) ?? 0))
          .map(([contract, quantity]) => [contract, quantity.toNumber()] as const),
      ),
    }));
}

function howToTell(asked: RiskPositionContract, contract: RiskContract): string {
  if (asked.by === 'id') return `name it as ${contractIds(contract.exchange, contract.family, contract.contractId)[2]}`;
  return asked.underlyingMonth === null ? 'state its underlyingMonth' : 'name it by instrument';
}

type ContractIndex = ReadonlyMap<string, readonly RiskContract[]>;

function indexContracts(contracts: readonly RiskContract[]): ContractIndex {
  const index = new Map<string, RiskContract[]>();
  const add = (key: string, contract: RiskContract) => {
    const list = index.get(key);
    if (list === undefined) index.set(key, [contract]);
    else if (!list.includes(contract)) list.push(contract);
  };
  for (const contract of contracts) {
    for (const id of contractIds(contract.exchange, contract.family, contract.contractId)) add(`id ${id}`, contract);
    for (const product of [contract.product, contract.family])
      add(termsKey({ ...contract, commodity: product }), contract);
  }
  return index;
}

function findContracts(asked: RiskPositionContract, index: ContractIndex): readonly RiskContract[] {
  if (asked.by === 'id') return index.get(`id ${asked.instrument}`) ?? [];
  const month = asked.underlyingMonth;
  return (index.get(termsKey(asked)) ?? []).filter(
    ({ underlyingMonth }) => month === null || underlyingMonth === null || underlyingMonth === month,
  );
}

function termsKey(terms: {
  readonly exchange: string;
  readonly commodity: string;
  readonly type: string;
  readonly optionMonth: string | null;
  readonly right: string | null;
  readonly strike: string | null;
}): string {
  const { exchange, commodity, type, optionMonth, right, strike } = terms;
  return `terms ${[exchange, commodity, type, optionMonth, right, strike].join('|')}`;
}
