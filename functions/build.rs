//! How the binaries are linked.

use std::env;

/// At fixed addresses. A position-independent executable of this size has thirty thousand pointers to be adjusted before
/// `main`, each start anew: a fifth of a cold start, a megabyte of memory and a tenth of a megabyte of the zip. What they
/// would have been good for is small here: code without `unsafe`, alone in its virtual machine; stack, heap and libraries
/// are where chance puts them all the same.
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
