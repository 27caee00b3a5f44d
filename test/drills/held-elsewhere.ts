/** A trouble that needs no drill of its own, because a test of every run makes it on the real thing. */
export interface HeldElsewhere {
  readonly id: string;
  readonly trouble: string;
  /** The test, from the root of the project. */
  readonly test: string;
}

/** What docs/reliability.md promises and no drill holds. */
export const heldElsewhere: readonly HeldElsewhere[] = [
  { id: 'FD-01', trouble: 'the service is killed while it records', test: 'test/e2e/api-kills.e2e-spec.ts' },
  { id: 'FD-04', trouble: 'connections in use and idle ones broken', test: 'test/e2e/api-outage.e2e-spec.ts' },
  { id: 'FD-06', trouble: 'all connections taken', test: 'test/integration/availability.spec.ts' },
  { id: 'FD-11', trouble: 'a poison account, a shard that kills', test: 'test/integration/run-engine.spec.ts' },
  { id: 'FD-15', trouble: 'the record restored from a copy', test: 'test/e2e/backup.e2e-spec.ts' },
  { id: 'FD-16', trouble: 'rolling restart under load', test: 'test/e2e/operations.e2e-spec.ts' },
  { id: 'FD-18', trouble: 'six kinds of tampering', test: 'test/integration/history-chain.spec.ts' },
];
