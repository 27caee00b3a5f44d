import { canonicalJson } from './canonical-json';
import type { FutureInstrument, Instrument, OptionInstrument, PerpetualInstrument } from './instrument';

/** Every member that an instrument may have; one more would not compile here, and would be missing below. */
type Terms = OptionInstrument & Omit<FutureInstrument, 'type'> & Omit<PerpetualInstrument, 'type'>;
const members = {
  ...{ adjustedFrom: 0, calendar: 0, currency: 0, deliverable: 0, delivery: 0, exercise: 0, expiry: 0, id: 0 },
  ...{
    multiplier: 0,
    premiumStyle: 0,
    right: 0,
    settlement: 0,
    settlementSession: 0,
    strike: 0,
    type: 0,
    underlying: 0,
  },
} satisfies Readonly<Record<keyof Terms, 0>>;

/** Names of the members in order, as canonicalJson puts them. */
export const instrumentMembers: readonly string[] = Object.keys(members).sort();

/** The text that canonicalJson gives for an instrument, written in one go: a run writes it for every contract it meets. */
export function canonicalInstrument(instrument: Instrument): string {
  const { adjustedFrom, calendar, deliverable, delivery, settlementSession } = instrument;
  const isOption = instrument.type === 'option';
  return (
    (adjustedFrom === undefined ? '{' : `{"adjustedFrom":${JSON.stringify(adjustedFrom)},`) +
    (calendar === undefined ? '' : `"calendar":${JSON.stringify(calendar)},`) +
    `"currency":${JSON.stringify(instrument.currency)}` +
    (deliverable === undefined ? '' : `,"deliverable":${canonicalJson(deliverable)}`) +
    (delivery === undefined ? '' : `,"delivery":${JSON.stringify(delivery)}`) +
    (isOption ? `,"exercise":"${instrument.exercise}"` : '') +
    ('expiry' in instrument ? `,"expiry":${canonicalJson(instrument.expiry)}` : '') +
    `,"id":${JSON.stringify(instrument.id)},"multiplier":"${instrument.multiplier.toFixed()}"` +
    (isOption ? `,"premiumStyle":"${instrument.premiumStyle}","right":"${instrument.right}"` : '') +
    `,"settlement":"${instrument.settlement}"` +
    (settlementSession === undefined ? '' : `,"settlementSession":"${settlementSession}"`) +
    (isOption ? `,"strike":"${instrument.strike.toFixed()}"` : '') +
    `,"type":"${instrument.type}","underlying":${JSON.stringify(instrument.underlying)}}`
  );
}
