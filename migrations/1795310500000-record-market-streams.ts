import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How far a stream of quotes was taken, which of its messages never came, and which of its files were read: what a process
 * needs that goes on where another one stopped.
 */
export class RecordMarketStreams1795310500000 implements MigrationInterface {
  readonly name = 'RecordMarketStreams1795310500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE market_stream_marks (
  firm_id uuid NOT NULL,
  mark_id uuid NOT NULL,
  stream identifier NOT NULL,
  kind text NOT NULL,
  sequence bigint,
  snapshot_id uuid,
  file_name text,
  sha256 sha256,
  reason text,
  recorded_by text NOT NULL,
  known_at timestamptz NOT NULL DEFAULT current_instant(),
  CONSTRAINT market_stream_marks_pk PRIMARY KEY (firm_id, mark_id),
  CONSTRAINT market_stream_marks_firm_fk FOREIGN KEY (firm_id) REFERENCES firms (firm_id),
  CONSTRAINT market_stream_marks_snapshot_fk FOREIGN KEY (firm_id, snapshot_id) REFERENCES market_snapshots (firm_id, snapshot_id),
  CONSTRAINT market_stream_marks_kind_is_known CHECK (kind IN ('COMMITTED', 'GAP', 'FILE')),
  CONSTRAINT market_stream_marks_snapshot_is_committed CHECK ((kind = 'COMMITTED') = (snapshot_id IS NOT NULL)),
  CONSTRAINT market_stream_marks_gap_has_reason CHECK ((kind = 'GAP') = (reason IS NOT NULL)),
  CONSTRAINT market_stream_marks_file_is_named CHECK
    ((kind = 'FILE') = (file_name IS NOT NULL) AND (kind = 'FILE') = (sha256 IS NOT NULL)),
  CONSTRAINT market_stream_marks_sequence_counts CHECK (sequence >= 0)
);
COMMENT ON TABLE market_stream_marks IS
  'COMMITTED: everything up to the message of this number is in the snapshot. GAP: messages that never came, or a silence. FILE: a file that was taken whole.';
CREATE INDEX market_stream_marks_newest ON market_stream_marks (firm_id, stream, kind, known_at DESC, mark_id DESC);
SELECT protect_tenant_table('market_stream_marks');
SELECT make_append_only('market_stream_marks', 'UPDATE OR DELETE OR TRUNCATE');
GRANT SELECT, INSERT ON market_stream_marks TO ballast_app;
`);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}
