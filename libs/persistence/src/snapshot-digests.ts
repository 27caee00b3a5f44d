import { createHash, hash } from 'node:crypto';
import {
  canonicalJson,
  type FxRate,
  type Instant,
  type InstrumentQuote,
  type MarketDifference,
  type MarketSnapshot,
  type UnderlyingQuote,
} from '@ballast/domain';
import { contentHash } from './content-hash';

/**
 * Form in which the content hash of a snapshot is made. 1: SHA-256 of the canonical JSON of the whole, as all snapshots had it
 * until November 2026. 2: SHA-256 over the digests of its parts, so that a change costs the hash of what changed.
 */
export type SnapshotHashForm = 1 | 2;

const width = 32;
const heading = 'ballast market snapshot 2\n';

/** Content hash of a snapshot in a form, 64 hexadecimal digits: equal content, equal hash. */
export function snapshotHash(snapshot: MarketSnapshot, form: SnapshotHashForm): string {
  return form === 1 ? contentHash(snapshot) : SnapshotDigests.of(snapshot).hash;
}

/**
 * The digests that the content hash of a snapshot is made of, kept so that the hash of the market after a change follows
 * from what changed:
 *
 * hash = SHA-256( heading ‖ d({asOf, fx, underlyings: count, instruments: count}) ‖ d(each underlying) ‖ d(each quote) ),
 * d = SHA-256 of the canonical JSON, underlyings with their forwards, both in order of the identifier by code unit.
 */
export class SnapshotDigests {
  private constructor(
    private readonly asOf: Instant,
    private readonly fx: readonly FxRate[],
    private readonly underlyings: DigestList,
    private readonly instruments: DigestList,
  ) {}

  static of({ asOf, fx, underlyings, instruments }: MarketSnapshot): SnapshotDigests {
    return new SnapshotDigests(asOf, fx, DigestList.of(underlyings), DigestList.of(instruments));
  }

  /** Number of contracts. */
  get size(): number {
    return this.instruments.size;
  }

  /** Number of underlyings. */
  get underlyingCount(): number {
    return this.underlyings.size;
  }

  /** The content hash, 64 hexadecimal digits. */
  get hash(): string {
    const { asOf, fx, underlyings, instruments } = this;
    const head = { asOf, fx, underlyings: underlyings.size, instruments: instruments.size };
    const sum = createHash('sha256').update(heading).update(digestOf(head));
    return sum.update(underlyings.bytes).update(instruments.bytes).digest('hex');
  }

  has(instrumentId: string): boolean {
    return this.instruments.has(instrumentId);
  }

  /** A difference without what is stated as it stood already. */
  reduced(difference: MarketDifference): MarketDifference {
    const { underlyings, quotes, dropped, fx } = difference;
    return {
      ...difference,
      underlyings: underlyings.filter((quote) => !this.underlyings.says(quote.underlyingId, quote)),
      quotes: quotes.filter((quote) => !this.instruments.says(quote.instrumentId, quote)),
      dropped: dropped.filter((id) => this.instruments.has(id)),
      fx: fx === null || canonicalJson(fx) === canonicalJson(this.fx) ? null : fx,
    };
  }

  /** Digests of the market that a difference makes of this one. */
  changed({ asOf, underlyings, quotes, dropped, fx }: MarketDifference): SnapshotDigests {
    const byUnderlying = new Map(underlyings.map((quote) => [quote.underlyingId, quote]));
    const byContract = new Map(quotes.map((quote) => [quote.instrumentId, quote]));
    return new SnapshotDigests(
      asOf,
      fx ?? this.fx,
      this.underlyings.changed(byUnderlying, []),
      this.instruments.changed(byContract, dropped),
    );
  }
}

/** Digests side by side in order of the identifiers; lists of the same identifiers share their names. */
class DigestList {
  private constructor(
    private readonly ids: readonly string[],
    private readonly places: ReadonlyMap<string, number>,
    readonly bytes: Buffer,
  ) {}

  static of(items: ReadonlyMap<string, UnderlyingQuote | InstrumentQuote>): DigestList {
    const ids = [...items.keys()].sort(byCodeUnit);
    return DigestList.from(ids, (id) => digestOf(items.get(id)));
  }

  private static from(ids: readonly string[], digest: (id: string) => Uint8Array): DigestList {
    const bytes = Buffer.alloc(ids.length * width);
    ids.forEach((id, place) => bytes.set(digest(id), place * width));
    return new DigestList(ids, new Map(ids.map((id, place) => [id, place])), bytes);
  }

  get size(): number {
    return this.ids.length;
  }

  has(id: string): boolean {
    return this.places.has(id);
  }

  says(id: string, item: unknown): boolean {
    const known = this.digest(id);
    return known !== undefined && digestOf(item).equals(known);
  }

  changed(items: ReadonlyMap<string, unknown>, dropped: readonly string[]): DigestList {
    const gone = new Set(dropped.filter((id) => this.places.has(id) && !items.has(id)));
    const come = [...items.keys()].filter((id) => !this.places.has(id));
    if (gone.size + come.length > 0) {
      const ids = [...this.ids.filter((id) => !gone.has(id)), ...come].sort(byCodeUnit);
      return DigestList.from(ids, (id) => (items.has(id) ? digestOf(items.get(id)) : (this.digest(id) as Buffer)));
    }
    if (items.size === 0) return this;
    const bytes = Buffer.from(this.bytes);
    for (const [id, item] of items) bytes.set(digestOf(item), (this.places.get(id) as number) * width);
    return new DigestList(this.ids, this.places, bytes);
  }

  private digest(id: string): Buffer | undefined {
    const place = this.places.get(id);
    return place === undefined ? undefined : this.bytes.subarray(place * width, (place + 1) * width);
  }
}

function digestOf(value: unknown): Buffer {
  return hash('sha256', canonicalJson(value), 'buffer');
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : 1;
}
