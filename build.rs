//! Compiles SQLite with encryption (`SQLite3` Multiple Ciphers) and does nothing else.
//!
//! `rusqlite` links whatever `libsqlite3.a` is found; this puts ours in its way.

fn main() {
    let source = sqlite3mc_src::source_dir();
    let code = source.join(sqlite3mc_src::SOURCE_FILE);
    let mut build = cc::Build::new();
    build
        .file(code)
        .include(source)
        .opt_level(2)
        .warnings(false);
    for (name, value) in DEFINES {
        build.define(name, *value);
    }
    build.compile("sqlite3");
    println!("cargo:rerun-if-changed=build.rs");
}

const DEFINES: &[(&str, Option<&str>)] = &[
    ("HAVE_FDATASYNC", Some("1")),
    ("HAVE_ISNAN", Some("1")),
    ("HAVE_USLEEP", Some("1")),
    ("SQLITE_DEFAULT_FOREIGN_KEYS", Some("1")),
    ("SQLITE_DEFAULT_MEMSTATUS", Some("1")),
    ("SQLITE_DQS", Some("0")),
    ("SQLITE_ENABLE_COLUMN_METADATA", None),
    ("SQLITE_ENABLE_DBPAGE_VTAB", None),
    ("SQLITE_ENABLE_DBSTAT_VTAB", None),
    ("SQLITE_ENABLE_FTS5", None),
    ("SQLITE_ENABLE_MATH_FUNCTIONS", None),
    ("SQLITE_ENABLE_STAT4", None),
    ("SQLITE_LIKE_DOESNT_MATCH_BLOBS", None),
    ("SQLITE_OMIT_DEPRECATED", None),
    ("SQLITE_OMIT_LOAD_EXTENSION", None),
    ("SQLITE_OMIT_SHARED_CACHE", None),
    ("SQLITE_TEMP_STORE", Some("2")),
    ("SQLITE_THREADSAFE", Some("2")),
    ("SQLITE_TRUSTED_SCHEMA", Some("0")),
    ("SQLITE_USE_ALLOCA", None),
];
