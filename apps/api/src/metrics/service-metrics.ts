import type { PoolUse } from '@ballast/persistence';
import type { FirmOperations } from '@ballast/use-cases';
import type { HotWork } from '../hot-path/hot-path';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Where the figures come from that are read at the moment of a scrape. */
export interface MetricSources {
  readonly poolUse: () => PoolUse;
  readonly hotWork: () => HotWork;
  readonly readOperations: () => Promise<readonly FirmOperations[]>;
  /** Now [ms since 1970]. */
  readonly now: () => number;
}

/** One answered request. */
export interface AnsweredRequest {
  /** Kind and root field, `query account`: bounded by the schema, never a client's own word. */
  readonly operation: string;
  /** HTTP status. */
  readonly status: number;
  readonly seconds: number;
}

/** Firms are read at most this often, however many scrapers ask [ms]. */
const firmsMaxAgeMs = 5_000;

/** The figures of this process for Prometheus: requests, pool, event loop, memory, and how every firm stands. */
export class ServiceMetrics {
  private readonly registry = new Registry();
  private readonly answers: Histogram<'operation' | 'outcome'>;
  private known: { readonly readAt: number; readonly firms: Promise<readonly FirmOperations[]> } | null = null;

  constructor(private readonly sources: MetricSources) {
    collectDefaultMetrics({ register: this.registry });
    this.answers = new Histogram({
      name: 'ballast_request_seconds',
      help: 'Time from the first byte of a GraphQL request to the last of its answer, by root field and outcome.',
      labelNames: ['operation', 'outcome'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [this.registry],
    });
    this.addPool();
    this.addHotWork();
    this.addFirms();
  }

  observe({ operation, status, seconds }: AnsweredRequest): void {
    this.answers.observe({ operation, outcome: outcomeOf(status) }, seconds);
  }

  /** Prometheus text; a firm that cannot be read leaves its gauges out and `ballast_database_up` at 0. */
  async text(): Promise<{ readonly contentType: string; readonly body: string }> {
    return { contentType: this.registry.contentType, body: await this.registry.metrics() };
  }

  private addPool(): void {
    const { poolUse } = this.sources;
    new Gauge({
      name: 'ballast_database_connections',
      help: 'Connections of this process to Postgres by state, and callers that wait for one.',
      labelNames: ['state'],
      registers: [this.registry],
      collect() {
        const { total, idle, waiting } = poolUse();
        this.set({ state: 'busy' }, total - idle);
        this.set({ state: 'idle' }, idle);
        this.set({ state: 'waiting' }, waiting);
      },
    });
  }

  private addHotWork(): void {
    const { hotWork } = this.sources;
    const registers = [this.registry];
    new Counter({
      name: 'ballast_hot_answers_total',
      help: 'Requests of operations that are asked again: answered by a kept answer, by reading the record, or handed to the general way.',
      labelNames: ['by'],
      registers,
      collect() {
        const { kept, read, general } = hotWork();
        this.reset();
        this.inc({ by: 'kept' }, kept);
        this.inc({ by: 'read' }, read);
        this.inc({ by: 'general' }, general);
      },
    });
    new Gauge({
      name: 'ballast_kept_answer_bytes',
      help: 'What the answers that are kept weigh; the bound is 64 MB.',
      registers,
      collect() {
        this.set(hotWork().keptBytes);
      },
    });
  }

  private addFirms(): void {
    const registers = [this.registry];
    const firms = () => this.readFirms();
    const { now } = this.sources;
    new Gauge({
      name: 'ballast_database_up',
      help: '1 when the record answered the last question of this page, 0 when it did not.',
      registers,
      collect: async function (this: Gauge) {
        this.set(await firms().then(() => 1, () => 0)); // prettier-ignore
      },
    });
    const perFirm = (name: string, help: string, valueOf: (firm: FirmOperations) => number | null) =>
      new Gauge({
        name,
        help,
        labelNames: ['firm'],
        registers,
        collect: async function (this: Gauge<'firm'>) {
          this.reset();
          for (const firm of await firms().catch(() => [])) {
            const value = valueOf(firm);
            if (value !== null) this.set({ firm: firm.firmCode }, value);
          }
        },
      });
    perFirm(
      'ballast_run_age_seconds',
      'Time since the instant for which the newest completed margin run of a firm holds.',
      (firm) => (firm.latestRun === null ? null : Math.max(0, now() - firm.latestRun.asOf) / 1_000),
    );
    perFirm('ballast_run_duration_seconds', 'How long the newest completed margin run of a firm took.', (firm) =>
      firm.latestRun === null ? null : firm.latestRun.durationMs / 1_000,
    );
    perFirm('ballast_run_accounts_indeterminate', 'Accounts without a figure in that run.', (firm) =>
      firm.latestRun === null ? null : firm.latestRun.accountsIndeterminate,
    );
    new Gauge({
      name: 'ballast_accounts',
      help: 'Accounts of a firm by the status of their latest observation.',
      labelNames: ['firm', 'status'],
      registers,
      collect: async function (this: Gauge<'firm' | 'status'>) {
        this.reset();
        for (const { firmCode, accountsByStatus } of await firms().catch(() => []))
          for (const [status, count] of Object.entries(accountsByStatus)) this.set({ firm: firmCode, status }, count);
      },
    });
  }

  private readFirms(): Promise<readonly FirmOperations[]> {
    const at = this.sources.now();
    if (this.known === null || at - this.known.readAt > firmsMaxAgeMs)
      this.known = { readAt: at, firms: this.sources.readOperations() };
    return this.known.firms;
  }
}

function outcomeOf(status: number): string {
  if (status < 400) return 'answered';
  return status < 500 ? 'refused' : 'failed';
}
