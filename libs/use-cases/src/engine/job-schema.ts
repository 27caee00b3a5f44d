/**
 * What the queue needs beside graphile-worker's own schema, owned by the role of the queue and installed by it:
 *
 * - `add_shards` lets the application enqueue inside its own transaction. The firm of a job is the firm of that
 *   transaction, never an argument.
 * - `heartbeats` says which workers are alive. graphile-worker itself leaves the jobs of a dead worker locked for hours.
 */
export const jobSchema = `
CREATE SCHEMA IF NOT EXISTS ballast_jobs;
CREATE TABLE IF NOT EXISTS ballast_jobs.heartbeats (
  worker_id text CONSTRAINT heartbeats_pk PRIMARY KEY,
  process text NOT NULL,
  engine_version text NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE OR REPLACE FUNCTION ballast_jobs.add_shards(run uuid, shards integer, engine_version text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  firm constant uuid := nullif(current_setting('app.firm_id', true), '')::uuid;
BEGIN
  IF firm IS NULL THEN
    RAISE EXCEPTION 'a job needs a firm' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM count(*) FROM graphile_worker.add_jobs(ARRAY(
    SELECT (('run-shard ' || engine_version), json_build_object('firmId', firm, 'runId', run, 'shard', shard), NULL, NULL, 5,
      run || '/' || shard, 0, NULL)::graphile_worker.job_spec FROM generate_series(1, shards) AS shard));
END $$;
REVOKE EXECUTE ON FUNCTION ballast_jobs.add_shards(uuid, integer, text) FROM PUBLIC;
GRANT USAGE ON SCHEMA ballast_jobs TO ballast_app;
GRANT EXECUTE ON FUNCTION ballast_jobs.add_shards(uuid, integer, text) TO ballast_app;
`;

/** One process installs at a time. */
export const jobSchemaLock = 'SELECT pg_advisory_lock(4702111234511)';
export const jobSchemaUnlock = 'SELECT pg_advisory_unlock(4702111234511)';

/** Name of the task that works on shards; a worker takes only jobs of its own engine, so no other version computes. */
export function shardTask(engineVersion: string): string {
  return `run-shard ${engineVersion}`;
}

/** Beats of all workers of a process. */
export const beatSql = `
INSERT INTO ballast_jobs.heartbeats (worker_id, process, engine_version)
SELECT id, $2, $3 FROM unnest($1::text[]) AS id
ON CONFLICT ON CONSTRAINT heartbeats_pk DO UPDATE SET seen_at = clock_timestamp()`;

/** Frees jobs whose worker has not been seen for $1 seconds, or was never seen and took the job that long ago. */
export const unlockSql = `
WITH dead AS (
  SELECT DISTINCT j.locked_by FROM graphile_worker._private_jobs j
  LEFT JOIN ballast_jobs.heartbeats h ON h.worker_id = j.locked_by
  WHERE j.locked_by IS NOT NULL AND coalesce(h.seen_at, j.locked_at) < clock_timestamp() - make_interval(secs => $1)
), freed AS (
  SELECT array_agg(locked_by) AS workers FROM dead
)
SELECT workers, graphile_worker.force_unlock_workers(workers) FROM freed WHERE workers IS NOT NULL`;

/** What is done by the clock: since when, when last, and whether a job of it waits or failed. */
export const schedulesSql = `
SELECT c.identifier AS name, c.known_since, c.last_execution, count(j.id)::integer AS waiting,
  max(j.attempts) FILTER (WHERE j.last_error IS NOT NULL) AS attempts, max(j.last_error) AS last_error
FROM graphile_worker._private_known_crontabs c
LEFT JOIN graphile_worker._private_tasks t ON t.identifier = 'schedule:' || c.identifier
LEFT JOIN graphile_worker._private_jobs j ON j.task_id = t.id
GROUP BY c.identifier, c.known_since, c.last_execution ORDER BY c.identifier`;

/** Workers that nobody will hear of again. */
export const forgetSql = `
DELETE FROM ballast_jobs.heartbeats WHERE worker_id = ANY ($1::text[]) OR seen_at < clock_timestamp() - interval '1 day'`;

/** Shard jobs that were tried as often as they may be and that nobody works on. */
export const exhaustedSql = `
SELECT j.id, j.payload, j.attempts, j.last_error FROM graphile_worker._private_jobs j
JOIN graphile_worker._private_tasks t ON t.id = j.task_id
WHERE t.identifier LIKE 'run-shard %' AND j.attempts >= j.max_attempts AND j.locked_at IS NULL ORDER BY j.id LIMIT 100`;

export const removeJobsSql = 'SELECT count(*) FROM graphile_worker.complete_jobs($1::bigint[])';
