//! Names the shared library, so that programs that were linked with it look for `libpaceline`, whatever cargo calls the file.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let name = match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux" | "android") => "-soname,libpaceline.so",
        Ok("macos" | "ios" | "watchos") => "-install_name,@rpath/libpaceline.dylib",
        _ => return,
    };
    println!("cargo:rustc-cdylib-link-arg=-Wl,{name}");
}
