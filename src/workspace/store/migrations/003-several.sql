-- Pictures that more than one person answered, beside those on which they differ: how many of how many.
alter table tally add column several integer not null default 0;
update tally set several = (
  select count(*) from agreed a join picture p on p.id = a.picture where a.category = tally.category and p.removed_at is null and a.yes + a.no + a.unsure > 1
);
