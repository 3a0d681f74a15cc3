-- Thresholds people chose for a category of a version, in place of the one it was made with. Which were chosen before, by whom and why, is in the log.
create table version_threshold (
  version integer not null references version,
  category integer not null references category,
  -- A probability: yes at or above it.
  threshold real not null check (threshold >= 0 and threshold <= 1),
  said_by integer references person,
  said_at text not null,
  primary key (version, category)
) strict, without rowid;
