import type { Instrument, MarketSnapshot, Money } from '@ballast/domain';
import { requirementMoney } from '../build-requirement';
import { currencyRate } from '../fx-to-base';
import { type BreakdownDraft, buildBreakdown } from '../margin-breakdown';
import type { BreakdownNode, MarginRequirement, PositionContribution } from '../margin-requirement';
import type { Portfolio } from '../portfolio';
import { computeHouseCharges, type HouseCharge, type HouseFacts } from './house-charges';
import type { HouseRule } from './house-rule';

/**
 * Lays the house rules in force over a requirement: the initial and the maintenance requirement each become the
 * methodology's own plus one node per rule that charges. Contributions grow in the same proportion, so that they still
 * add up; increments stay the methodology's. An INDETERMINATE requirement stays what it is.
 */
export function applyHouseRules(input: {
  readonly requirement: MarginRequirement;
  readonly rules: readonly HouseRule[];
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
}): MarginRequirement {
  const { requirement, rules, portfolio, snapshot } = input;
  const { model, initialRequirement, maintenanceRequirement } = requirement;
  if (model === null || initialRequirement === null || maintenanceRequirement === null) return requirement;
  const facts = houseFacts(requirement, model, portfolio, snapshot);
  const charges = computeHouseCharges(rules, facts);
  if (charges.length === 0) return requirement;
  const currency = portfolio.baseCurrency;
  const initial = charges.reduce((sum, charge) => sum + charge.initial, facts.initial);
  const maintenance = charges.reduce((sum, charge) => sum + charge.maintenance, facts.maintenance);
  return {
    ...requirement,
    initialRequirement: requirementMoney(initial, currency),
    maintenanceRequirement: requirementMoney(maintenance, currency),
    model: { ...model, initialRequirement: initial, maintenanceRequirement: maintenance },
    breakdown: houseBreakdown({
      requirement,
      charges,
      initial,
      maintenance,
      currency,
      own: initialRequirement,
      ownMaintenance: maintenanceRequirement,
    }),
    contributions: scaledContributions(requirement.contributions, facts.maintenance, maintenance),
  };
}

function houseFacts(
  requirement: MarginRequirement,
  model: NonNullable<MarginRequirement['model']>,
  portfolio: Portfolio,
  snapshot: MarketSnapshot,
): HouseFacts {
  const instruments = new Map<string, Instrument>();
  for (const { instrument } of portfolio.positions) instruments.set(instrument.id, instrument);
  const shares = new Map<string, number>();
  for (const { instrumentId, euler } of requirement.contributions) {
    const underlying = instruments.get(instrumentId)?.underlying;
    if (underlying !== undefined) shares.set(underlying, (shares.get(underlying) ?? 0) + euler);
  }
  const deltaValues = new Map<string, number>();
  for (const { underlying, delta } of requirement.greeks) {
    const quote = snapshot.underlyings.get(underlying);
    if (quote === undefined || quote.price === null) continue;
    const rate = currencyRate(snapshot, { from: quote.currency, to: portfolio.baseCurrency });
    deltaValues.set(underlying, Math.abs(delta * quote.price.toNumber() * rate));
  }
  return {
    initial: model.initialRequirement,
    maintenance: model.maintenanceRequirement,
    shares,
    deltaValues,
    holdsPositions: requirement.contributions.length > 0,
  };
}

interface HouseTree {
  readonly requirement: MarginRequirement;
  readonly charges: readonly HouseCharge[];
  readonly initial: number;
  readonly maintenance: number;
  readonly currency: string;
  /** The methodology's own rounded requirements. */
  readonly own: Money;
  readonly ownMaintenance: Money;
}

/** The methodology's first tree becomes the first child of the new root; its further trees follow the two new ones. */
function houseBreakdown(tree: HouseTree): readonly BreakdownNode[] {
  const { requirement, charges, currency, own, ownMaintenance } = tree;
  const side = (value: number, first: Money, kind: string, label: string, amount: (charge: HouseCharge) => number) => ({
    kind,
    label,
    basis: 'requirement of the methodology and house rules',
    value: requirementMoney(value, currency),
    children: [
      {
        kind: 'methodology-requirement',
        label: 'Requirement of the methodology',
        basis: requirement.methodology,
        value: first,
      },
      ...charges.map((charge) => chargeDraft(charge, amount(charge))),
    ],
  });
  const drafts: readonly BreakdownDraft[] = [
    side(tree.initial, own, 'requirement', 'Initial requirement', ({ initial }) => initial),
    side(
      tree.maintenance,
      ownMaintenance,
      'house-maintenance',
      'Maintenance requirement',
      ({ maintenance }) => maintenance,
    ),
  ];
  const built = buildBreakdown(drafts, currency);
  const grafted = built.flatMap((node) => (node.id === '1.1' ? graft(requirement.breakdown, node) : [node]));
  const further = requirement.breakdown.filter(({ id }) => rootOf(id) !== 1).map((node) => shifted(node, 1));
  return [...grafted, ...further];
}

function chargeDraft(charge: HouseCharge, value: number): BreakdownDraft {
  const { rule, label, basis } = charge;
  return {
    kind: `house-${rule.effect.kind}`,
    label,
    basis: `rule ${rule.id} from ${rule.effectiveFrom}: ${basis}`,
    value,
  };
}

/** Puts the methodology's first tree under its place in the new one; the old root keeps its explanation. */
function graft(breakdown: readonly BreakdownNode[], place: BreakdownNode): readonly BreakdownNode[] {
  return breakdown
    .filter(({ id }) => rootOf(id) === 1)
    .map((node) =>
      node.parentId === null
        ? { ...node, id: place.id, parentId: place.parentId, kind: place.kind }
        : { ...node, id: `1.${node.id}`, parentId: `1.${node.parentId}` },
    );
}

function shifted(node: BreakdownNode, by: number): BreakdownNode {
  const move = (id: string) => [String(rootOf(id) + by), ...id.split('.').slice(1)].join('.');
  return { ...node, id: move(node.id), parentId: node.parentId === null ? null : move(node.parentId) };
}

function rootOf(id: string): number {
  return Number(id.split('.', 1)[0]);
}

/** Euler contributions scaled to the new total; shared equally where there was nothing to scale. */
function scaledContributions(
  contributions: readonly PositionContribution[],
  before: number,
  after: number,
): readonly PositionContribution[] {
  return contributions.map((contribution) => ({
    ...contribution,
    euler: before > 0 ? contribution.euler * (after / before) : after / contributions.length,
  }));
}
