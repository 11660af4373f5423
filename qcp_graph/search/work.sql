-- Scratch tables of one build, in a file of their own that is deleted afterwards.
CREATE TABLE work.record (iri TEXT PRIMARY KEY, register TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE work.title (iri TEXT, language TEXT, text TEXT, PRIMARY KEY (iri, language, text)) WITHOUT ROWID;
CREATE TABLE work.display (iri TEXT PRIMARY KEY, title TEXT, language TEXT, folded TEXT) WITHOUT ROWID;
CREATE TABLE work.text (iri TEXT, place INTEGER, text TEXT);
CREATE TABLE work.outcome (iri TEXT, outcome TEXT, skill TEXT, PRIMARY KEY (iri, outcome, skill)) WITHOUT ROWID;
CREATE TABLE work.count (iri TEXT PRIMARY KEY, outcomes INTEGER, linked INTEGER, skills INTEGER) WITHOUT ROWID;
CREATE TABLE work.value (iri TEXT, field TEXT, value TEXT, term TEXT, PRIMARY KEY (iri, field, value)) WITHOUT ROWID;
CREATE TABLE work.name (iri TEXT, language TEXT, text TEXT, country TEXT, PRIMARY KEY (iri, language, text)) WITHOUT ROWID;
CREATE TABLE work.label (iri TEXT, language TEXT, text TEXT);
CREATE TABLE work.used (iri TEXT PRIMARY KEY) WITHOUT ROWID;
