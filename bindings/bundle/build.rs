//! Names the shared library, so that programs that were linked with it look for `libpaceline`, whatever cargo calls the file.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux" | "android") => println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libpaceline.so"),
        Ok("macos" | "ios") => {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libpaceline.dylib")
        }
        _ => {}
    }
}
