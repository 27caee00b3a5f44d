/** What the record shows at one instant, up to equality. */
export interface RecordMoment {
  /** Which connection of the witness says so; counted from 1. */
  readonly life: number;
  /** `momentColumn` of a statement. */
  readonly text: string;
}

/**
 * SQL of a text that says which transactions a statement sees: those below xmin are over, those from xmax on are not, and of
 * those between the listed ones are not. Null on a standby, where Postgres leaves running transactions out of the list.
 *
 * Two statements of one server whose texts are equal see the same version of every row, as long as the server did not crash
 * between them: a crash gives numbers of lost transactions away again, without a new start time. `SnapshotWitness` notices.
 */
export const momentColumn = `CASE WHEN NOT pg_is_in_recovery()
  THEN concat(pg_current_snapshot(), ' ', extract(epoch FROM pg_postmaster_start_time())) END`;
