import { advanceMarginCall } from '@ballast/buffer';
import type { Instant } from '@ballast/domain';
import { Database, MarginCallStore } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { MarginCallTermsReader } from './margin-call-terms-reader';

/** How many calls went how far. */
export interface AdvancedMarginCalls {
  readonly overdue: number;
  readonly escalated: number;
}

const batchSize = 500;

/**
 * Does what time alone brings about: calls that were not met become OVERDUE after their due time and ESCALATED after the
 * time for that. Safe to repeat and to run in several processes at once.
 */
@Injectable()
export class AdvanceMarginCalls {
  constructor(
    private readonly database: Database,
    private readonly calls: MarginCallStore,
    private readonly terms: MarginCallTermsReader,
  ) {}

  /** @param at  instant up to which deadlines are looked at */
  async execute(firmId: string, at: Instant): Promise<AdvancedMarginCalls> {
    const total = { overdue: 0, escalated: 0 };
    for (;;) {
      const moved = await this.database.withTenant({ firmId }, async (tx) => {
        const due = await this.calls.lockDue(tx, at, batchSize);
        if (due.length === 0) return { overdue: 0, escalated: 0 };
        const terms = await this.terms.read(tx, at);
        const events = due.flatMap((call) => advanceMarginCall(call, terms, at));
        await this.calls.append(tx, events);
        const count = (kind: string): number => events.filter((event) => event.kind === kind).length;
        return { overdue: count('OVERDUE'), escalated: count('ESCALATED') };
      });
      if (moved.overdue + moved.escalated === 0) return total;
      total.overdue += moved.overdue;
      total.escalated += moved.escalated;
    }
  }
}
