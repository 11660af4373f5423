-- The index of a release: one file, written once, read only afterwards.
-- `qualification.id` is the place in alphabetical order, so sets of ids are sorted by title.

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE qualification (
  id INTEGER PRIMARY KEY,
  iri TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  language TEXT NOT NULL,
  country TEXT NOT NULL,
  register TEXT NOT NULL,
  outcomes INTEGER NOT NULL,
  linked INTEGER NOT NULL,      -- outcomes with at least one accepted ESCO skill
  skills INTEGER NOT NULL
);

CREATE TABLE title (
  qualification INTEGER NOT NULL,
  language TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (qualification, language, text)
) WITHOUT ROWID;

-- field = value → the set of qualifications, as qcp_graph.search.sets writes it.
CREATE TABLE posting (
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  iri TEXT NOT NULL,
  count INTEGER NOT NULL,
  members BLOB NOT NULL,
  PRIMARY KEY (field, value)
) WITHOUT ROWID;

-- The reverse, for the fields that a list of results shows.
CREATE TABLE fact (
  qualification INTEGER NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (qualification, field, value)
) WITHOUT ROWID;

CREATE TABLE label (
  iri TEXT NOT NULL,
  language TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (iri, language)
) WITHOUT ROWID;

CREATE TABLE register (
  iri TEXT PRIMARY KEY,
  identifier TEXT NOT NULL,
  country TEXT NOT NULL,
  specimen INTEGER NOT NULL,
  frequency TEXT NOT NULL,
  snapshot TEXT NOT NULL,
  retrieved TEXT NOT NULL,
  owner TEXT NOT NULL,
  licence TEXT NOT NULL,
  licence_label TEXT NOT NULL,
  read INTEGER NOT NULL,
  published INTEGER NOT NULL,
  quarantined INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL,
  qualifications INTEGER NOT NULL,
  outcomes INTEGER NOT NULL,
  eqf INTEGER NOT NULL,
  field INTEGER NOT NULL,
  links INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE organisation (
  id INTEGER PRIMARY KEY,
  iri TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  country TEXT NOT NULL,
  folded TEXT NOT NULL,
  qualifications INTEGER NOT NULL
);

CREATE TABLE framework (
  iri TEXT PRIMARY KEY,
  country TEXT NOT NULL,
  notation TEXT NOT NULL,
  levels INTEGER NOT NULL,
  qualifications INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE level (
  framework TEXT NOT NULL,
  rank REAL NOT NULL,
  iri TEXT NOT NULL,
  notation TEXT NOT NULL,
  eqf TEXT NOT NULL,
  match TEXT NOT NULL,
  date TEXT NOT NULL,
  source TEXT NOT NULL,
  basis TEXT NOT NULL,
  qualifications INTEGER NOT NULL,
  PRIMARY KEY (framework, rank, iri, eqf)
) WITHOUT ROWID;
CREATE INDEX level_iri ON level (iri);

-- What a text may be as a whole: "t" and the key of a title, "c" and a code without separators.
CREATE TABLE exact (
  key TEXT NOT NULL,
  qualification INTEGER NOT NULL,
  PRIMARY KEY (key, qualification)
) WITHOUT ROWID;

-- Words of titles by what is left of them without one letter, and by themselves.
CREATE TABLE spelling (
  form TEXT NOT NULL,
  word TEXT NOT NULL,
  PRIMARY KEY (form, word)
) WITHOUT ROWID;

-- Texts come folded (qcp_graph.search.words). Titles and codes alone: a record is not ranked lower because it says much about itself.
CREATE VIRTUAL TABLE head USING fts5 (
  title, code,
  content = '', tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);
CREATE VIRTUAL TABLE text USING fts5 (
  title, code, body,
  content = '', tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);
