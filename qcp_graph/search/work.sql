-- Scratch tables of one build, in a file of their own that is deleted afterwards. Without keys:
-- rows are appended as they come, and sorted once where an order is needed.
CREATE TABLE work.record (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, register TEXT NOT NULL
);
CREATE TABLE work.title (record INTEGER, language TEXT, text TEXT);
CREATE TABLE work.display (record INTEGER PRIMARY KEY, title TEXT, language TEXT, folded TEXT);
CREATE TABLE work.text (record INTEGER, place INTEGER, text TEXT);
CREATE TABLE work.outcome (record INTEGER, outcome TEXT, skill TEXT);
CREATE TABLE work.above (skill TEXT, above TEXT, PRIMARY KEY (skill, above)) WITHOUT ROWID;
CREATE TABLE work.count (
  record INTEGER PRIMARY KEY, outcomes INTEGER, linked INTEGER, skills INTEGER
);
CREATE TABLE work.value (record INTEGER, field TEXT, value TEXT, term TEXT);
CREATE TABLE work.country (record INTEGER PRIMARY KEY, value TEXT);
CREATE TABLE work.place (record INTEGER PRIMARY KEY, id INTEGER);
CREATE TABLE work.name (iri TEXT, language TEXT, text TEXT, country TEXT);
CREATE TABLE work.label (iri TEXT, language TEXT, text TEXT);
CREATE TABLE work.used (iri TEXT PRIMARY KEY) WITHOUT ROWID;
