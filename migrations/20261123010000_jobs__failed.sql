-- Every page asks how many deliveries failed lately. The condition stands in core/messages/queries.ts in the same words.
create index jobs_failed on jobs (organization_id, created_at)
  where dead_at is not null or delivery in ('failed', 'bounced', 'complained');
