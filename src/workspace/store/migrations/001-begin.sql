-- Times are UTC ISO strings with milliseconds. Ids are whole numbers that are never used again. Names are kept as typed; `name_key` is the name after NFKC, lower-cased, for comparing.

create table person (
  id integer primary key autoincrement,
  name text not null,
  name_key text not null unique,
  role text not null check (role in ('viewer', 'annotator', 'approver', 'administrator')),
  -- scrypt: parameters, salt and hash in one string; null: may not sign in.
  password text,
  preferences text not null default '{}',
  created_at text not null,
  disabled_at text
) strict;

create table setup_link (
  token_hash text primary key,
  created_at text not null,
  used_at text
) strict;

create table session (
  token_hash text primary key,
  person integer not null references person,
  csrf text not null,
  created_at text not null,
  last_seen_at text not null,
  expires_at text not null
) strict;

create table project (
  id integer primary key autoincrement,
  name text not null,
  created_by integer references person,
  created_at text not null,
  removed_at text,
  -- groups: 'none' | 'part-column' | 'folder' | 'name'; fourEyes: 0 | 1
  settings text not null default '{}',
  revision integer not null default 1
) strict;

create table category (
  id integer primary key autoincrement,
  project integer not null references project,
  name text not null,
  name_key text not null,
  definition text not null default '',
  position integer not null,
  starred integer not null default 0,
  -- How many of 1,000 products show it, as the person says; null: not said.
  prevalence real,
  created_at text not null,
  removed_at text,
  removed_by integer references person,
  revision integer not null default 1
) strict;
create unique index category_name on category (project, name_key) where removed_at is null;

create table category_example (
  category integer not null references category,
  picture integer not null references picture,
  kind text not null check (kind in ('yes', 'no', 'hard')),
  added_by integer references person,
  added_at text not null,
  primary key (category, picture)
) strict;

-- What is in a file, once, however many projects and names it has. `reference`: where the bytes are, for pictures that were not copied into the workspace.
create table content (
  hash text primary key,
  bytes integer not null,
  format text not null,
  width integer not null,
  height integer not null,
  reference text
) strict;

create table picture (
  id integer primary key autoincrement,
  project integer not null references project,
  hash text not null references content,
  name text not null,
  -- Pictures of one group show the same part or person and never stand on both sides of a check. Null: alone.
  group_name text,
  -- 'fit' | 'selection' | 'report' where it was said; null: by the hash of the group.
  said_part text check (said_part in ('fit', 'selection', 'report')),
  -- The job that brought it.
  import integer,
  added_by integer references person,
  added_at text not null,
  removed_at text,
  removed_by integer references person
) strict;
create unique index picture_content on picture (project, hash) where removed_at is null;
create index picture_group on picture (project, group_name);
create index picture_present on picture (project, id) where removed_at is null;
create index picture_import on picture (import);

-- What an import could not take: kept so that the page can tell it again.
create table import_problem (
  import integer not null,
  name text not null,
  kind text not null check (kind in ('broken', 'duplicate', 'too-large', 'not-a-picture')),
  code text not null,
  params text not null default '{}',
  picture integer references picture
) strict;
create index import_problem_import on import_problem (import);

-- Every answer ever given, in the order in which it was stored. Nothing here is changed or removed: undoing is another answer.
create table answer (
  seq integer primary key autoincrement,
  -- Made in the browser, so that an answer sent twice is stored once.
  id text not null unique,
  project integer not null references project,
  picture integer not null references picture,
  category integer not null references category,
  person integer not null references person,
  value text not null check (value in ('yes', 'no', 'unsure', 'none')),
  how text not null check (how in ('single', 'batch', 'rest', 'undo', 'import', 'api')),
  -- Answers of one act (a batch) share this; undo takes the act back as a whole.
  act text not null,
  given_at text not null,
  stored_at text not null
) strict;
create index answer_cell on answer (picture, category, seq);
create index answer_act on answer (act);
create index answer_person on answer (project, person, seq);
create trigger answer_is_kept before update on answer begin select raise(abort, 'answers are never changed'); end;
create trigger answer_is_not_removed before delete on answer begin select raise(abort, 'answers are never removed'); end;

-- The last answer of each person to each cell; a row with value 'none' is not there.
create table cell (
  project integer not null references project,
  category integer not null references category,
  picture integer not null references picture,
  person integer not null references person,
  value text not null check (value in ('yes', 'no', 'unsure')),
  seq integer not null references answer,
  primary key (category, picture, person)
) strict, without rowid;
create index cell_picture on cell (picture);

-- What the answers to one picture and category come to; kept up by whatever stores an answer, so that no list or count reads all answers.
-- value: what most say; null: as many say one thing as another. differ: somebody says yes and somebody says no.
create table agreed (
  category integer not null references category,
  picture integer not null references picture,
  yes integer not null,
  no integer not null,
  unsure integer not null,
  value text check (value in ('yes', 'no', 'unsure')),
  differ integer not null,
  primary key (category, picture)
) strict, without rowid;
create index agreed_picture on agreed (picture);

-- How many pictures of the project, removed ones left out, stand where.
create table tally (
  category integer primary key references category,
  yes integer not null default 0,
  no integer not null default 0,
  unsure integer not null default 0,
  tied integer not null default 0,
  differ integer not null default 0
) strict;

-- What a person did in one go. Undo takes a whole act back by a new one; 'redo' takes back an undo.
create table act (
  seq integer primary key autoincrement,
  id text not null unique,
  project integer not null references project,
  person integer not null references person,
  kind text not null check (kind in ('answer', 'undo', 'redo')),
  undoes text,
  undone integer not null default 0,
  answers integer not null,
  -- Of its last answer: what is told beside the button.
  picture integer not null references picture,
  category integer not null references category,
  value text not null
) strict;
create index act_person on act (project, person, seq);

-- What the newest heads say of pictures, for lists ordered by it. useful: larger is worth more to answer.
create table score (
  category integer not null references category,
  picture integer not null references picture,
  probability real not null check (probability between 0 and 1),
  useful real not null,
  primary key (category, picture)
) strict, without rowid;

-- A list a person walks: frozen when it is made, so that nothing moves under the hand. `pictures`: picture ids as little-endian uint32.
create table list (
  id integer primary key autoincrement,
  project integer not null references project,
  person integer not null references person,
  category integer not null references category,
  show text not null,
  sort text not null,
  seed integer not null,
  pictures blob not null,
  created_at text not null
) strict;

create table job (
  id integer primary key autoincrement,
  project integer not null references project,
  kind text not null check (kind in ('import', 'labels', 'model', 'improve', 'batch')),
  state text not null check (state in ('waiting', 'working', 'finishing', 'done', 'stopped', 'failed', 'interrupted')),
  phase text,
  done integer not null default 0,
  total integer not null default 0,
  -- JSON: what was asked, what has been kept so far, what came of it, why it failed ({code, params}).
  request text not null,
  kept text not null default '{}',
  result text,
  problem text,
  started_by integer references person,
  created_at text not null,
  started_at text,
  ended_at text,
  wants text check (wants in ('stop'))
) strict;
create index job_state on job (state, id);

-- What turns a picture into features: the embedded network, or an ONNX file of the workspace (models/<hash>.onnx).
create table model (
  id integer primary key autoincrement,
  project integer not null references project,
  kind text not null check (kind in ('embedded', 'onnx')),
  name text not null,
  hash text,
  -- JSON: what inspection found, preprocessing, and which category of the file is which of the project ({"scratch": 7}).
  details text not null default '{}',
  added_by integer references person,
  added_at text not null
) strict;

-- A head for each category on the features of one model; versions/<id>/ holds head.safetensors, and comparison.json once it was compared.
create table version (
  id integer primary key autoincrement,
  project integer not null references project,
  -- 1, 2, 3 within the project.
  number integer not null,
  model integer not null references model,
  -- The version it was tuned from; null for a first one.
  parent integer references version,
  state text not null check (state in ('candidate', 'proposed', 'approved', 'live', 'retired', 'sent-back')),
  job integer references job,
  -- JSON: per category what became of it.
  story text not null default '[]',
  -- JSON: the categories it can answer for, a subset of the project's.
  categories text not null default '[]',
  proposed_by integer references person,
  made_by integer references person,
  made_at text not null,
  unique (project, number)
) strict;

-- Which version answers for a category since when; the last row counts. No row, or version null: nothing is live for it.
create table live_change (
  seq integer primary key autoincrement,
  project integer not null references project,
  category integer not null references category,
  version integer references version,
  since text not null
) strict;
create index live_category on live_change (project, category, seq);

-- Who did what and why. Each entry's hash covers the former one's, so that an entry changed outside of Catwise is seen.
create table log (
  id integer primary key autoincrement,
  project integer references project,
  at text not null,
  person integer references person,
  action text not null,
  version integer references version,
  category integer references category,
  reason text,
  details text not null default '{}',
  hash text not null
) strict;
create index log_project on log (project, id);
create trigger log_is_kept before update on log begin select raise(abort, 'the log is never changed'); end;
create trigger log_is_not_removed before delete on log begin select raise(abort, 'the log is never changed'); end;

-- Pictures looked at by what is live, by day.
create table used (
  project integer not null references project,
  day text not null,
  pictures integer not null,
  primary key (project, day)
) strict, without rowid;

create table api_key (
  id integer primary key autoincrement,
  name text not null,
  key_hash text not null unique,
  -- The first characters, so that a person knows which key it is.
  start text not null,
  project integer not null references project,
  -- Space-separated: predict, answers:read, answers:write.
  scopes text not null,
  created_by integer references person,
  created_at text not null,
  last_used_at text,
  revoked_at text
) strict;
