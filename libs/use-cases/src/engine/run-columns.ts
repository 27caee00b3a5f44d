import type { Account, Instant, Instrument, MarketSnapshot } from '@ballast/domain';
import { type CommonSpanColumns, type CommonSpanRoom, denseSpanRoom } from '@ballast/margin';
import type { MethodInEffect } from '../run/evaluate-account';

/** Which columns are meant: every thread that asks for the same gets the same. */
export interface ColumnsWanted {
  readonly runId: string;
  readonly currency: string;
  readonly room: CommonSpanRoom;
}

/** What the threads of this process have in common. */
export interface ColumnSource {
  readonly give: (wanted: ColumnsWanted) => Promise<CommonSpanColumns>;
  /** Told once per run and thread when contracts find no room: accounts that hold them are evaluated in full, which takes longer. */
  readonly onFull: (runId: string, contracts: number) => void;
}

/** What the contracts of a run are valued on, as every one of its shards sees it. */
interface ColumnMarket {
  readonly runId: string;
  readonly asOf: Instant;
  readonly snapshot: MarketSnapshot;
  readonly listedFutures: readonly Instrument[];
  /** Of SPAN; undefined where the run has none. */
  readonly inEffect: MethodInEffect | undefined;
}

/** The columns of one run by currency, each asked for once, before the first account in it is evaluated. */
export class RunColumns {
  private readonly known = new Map<string, Promise<CommonSpanColumns>>();
  private readonly ready = new Map<string, CommonSpanColumns>();
  private isFull = false;

  /** @param source  null where one thread alone works on runs, whose columns are its own */
  constructor(
    private readonly market: ColumnMarket,
    private readonly source: ColumnSource | null,
  ) {}

  /** Gets the columns that these accounts need. */
  async bring(accounts: readonly Account[]): Promise<void> {
    if (this.source === null) return;
    const inSpan = accounts.filter(({ methodology }) => methodology === 'SPAN');
    for (const currency of new Set(inSpan.map(({ baseCurrency }) => baseCurrency))) await this.bringOne(currency);
  }

  /** The columns of a currency; undefined for a market that was restated for one shard, whose rows are no other's. */
  of(currency: string, snapshot: MarketSnapshot): CommonSpanColumns | undefined {
    return snapshot === this.market.snapshot ? this.ready.get(currency) : undefined;
  }

  /** @param withoutRoom  contracts that found no room so far */
  noteFull(withoutRoom: number): void {
    if (withoutRoom === 0 || this.isFull) return;
    this.isFull = true;
    this.source?.onFull(this.market.runId, withoutRoom);
  }

  private async bringOne(currency: string): Promise<void> {
    const known = this.known.get(currency) ?? this.ask(currency);
    if (known === null) return;
    this.known.set(currency, known);
    this.ready.set(currency, await known);
  }

  private ask(currency: string): Promise<CommonSpanColumns> | null {
    const { runId, asOf, snapshot, listedFutures, inEffect } = this.market;
    if (inEffect === undefined || this.source === null) return null;
    const set = { parameters: inEffect.parameterSet.parameters, asOf };
    const room = denseSpanRoom(set, { snapshot, listedInstruments: listedFutures });
    return room === null ? null : this.source.give({ runId, currency, room });
  }
}
