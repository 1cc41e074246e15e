//! Tells every executable of this crate where libduckdb lies, so that it runs in place.
//!
//! The prebuilt engine is found through `DUCKDB_LIB_DIR` while building and, in an installed
//! tree, next to the executable or in `../lib`. With the feature `bundled` the engine is part of
//! the executable and nothing is needed.
//!
//! The web parts are embedded as they lie there; a build without them serves the API alone. When
//! they are built anew, this crate is too.

fn main() {
    println!("cargo:rerun-if-env-changed=DUCKDB_LIB_DIR");
    println!("cargo:rerun-if-changed=build.rs");
    for folder in ["tracker/dist", "dashboard/dist", "demo"] {
        let path = format!("../../{folder}");
        // Cargo can only watch a folder that exists.
        if let Err(error) = std::fs::create_dir_all(&path) {
            println!("cargo:warning=cannot watch {folder}: {error}");
        }
        println!("cargo:rerun-if-changed={path}");
    }
    let linux_like = std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "unix");
    if std::env::var_os("CARGO_FEATURE_BUNDLED").is_some() || !linux_like {
        return;
    }
    let here = if std::env::var("CARGO_CFG_TARGET_VENDOR").is_ok_and(|vendor| vendor == "apple") {
        "@executable_path"
    } else {
        "$ORIGIN"
    };
    for place in [here.to_owned(), format!("{here}/../lib")]
        .into_iter()
        .chain(std::env::var("DUCKDB_LIB_DIR").ok())
    {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{place}");
    }
}
