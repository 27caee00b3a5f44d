import type { CorporateAction, Instrument } from '@ballast/domain';

/**
 * Names an adjusted contract. A change of name takes the new name where the identifier begins with the old one (OSI
 * symbols keep their width); every other adjustment adds `.A1`, `.A2`, … to the name of the contract as it was listed.
 *
 * @param attempt  0 for the first choice; each next one gives another name
 *
 * @example
 * adjustedContractId(option('ALTA-C100'), split, 0) // 'ALTA-C100.A1'
 */
export function adjustedContractId(contract: Instrument, action: CorporateAction, attempt: number): string {
  const match = /^(.*)\.A(\d{1,3})$/.exec(contract.id);
  const stem = match?.[1] ?? contract.id;
  const suffix = (number: number): string => (number === 0 ? '' : `.A${number}`);
  if (action.kind !== 'symbol-change') return `${stem}${suffix(Number(match?.[2] ?? 0) + 1 + attempt)}`;
  const renamed = renamedStem(stem, { from: contract.underlying, to: action.newUnderlying });
  return `${renamed ?? `${stem}.${action.newUnderlying}`}${suffix(Number(match?.[2] ?? 0) + attempt)}`;
}

function renamedStem(stem: string, name: { readonly from: string; readonly to: string }): string | undefined {
  const { from, to } = name;
  if (!stem.startsWith(from) || /^[A-Za-z0-9]/.test(stem.slice(from.length))) return undefined;
  const osi = /^.{6}\d{6}[CP]\d{8}$/.exec(stem);
  if (osi !== null && to.length <= 6) return `${to.padEnd(6)}${stem.slice(6)}`;
  return `${to}${stem.slice(from.length)}`;
}
