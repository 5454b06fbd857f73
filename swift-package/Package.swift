// swift-tools-version: 6.0

import Foundation
import PackageDescription

// The engine is one native library. Where it comes from is found out here, in this order:
//
// 1. PACELINE_XCFRAMEWORK=remote: the released XCFramework, whatever lies around.
// 2. On a Mac, `Paceline.xcframework` beside this file.
// 3. A library that was built here: in the folder PACELINE_LIB_DIR, in `.build-native`, in `../target/release`, in
//    `../target/debug`. A shared library is preferred, since all programs of the tests share it; PACELINE_LINK=static links
//    the static one.
// 4. On a Mac, the released XCFramework.

/// The released XCFramework. Empty until the first release; then both are written by the release, never by hand.
let released = (url: "", checksum: "")

let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
let environment = ProcessInfo.processInfo.environment

func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
}

func stop(_ sentence: String) -> Never {
    FileHandle.standardError.write(Data("Paceline: \(sentence)\n".utf8))
    exit(1)
}

#if os(macOS)
let isApple = true
let sharedName = "libpaceline.dylib"
#else
let isApple = false
let sharedName = "libpaceline.so"
#endif

/// How to link a library that was built here; nothing when there is none.
func locallyBuilt() -> [LinkerSetting]? {
    var folders = [".build-native", "../target/release", "../target/debug"].map {
        here.appendingPathComponent($0).standardizedFileURL.path
    }
    if let folder = environment["PACELINE_LIB_DIR"] { folders = [folder] }
    for folder in folders {
        let (shared, archive) = ("\(folder)/\(sharedName)", "\(folder)/libpaceline.a")
        if environment["PACELINE_LINK"] != "static" && exists(shared) {
            return [.unsafeFlags(["-L\(folder)", "-lpaceline", "-Xlinker", "-rpath", "-Xlinker", folder])]
        }
        if exists(archive) {
            // Straight to the linker: Swift's own search for what to link cannot read Rust's objects.
            return [.unsafeFlags(["-Xlinker", archive])]
        }
    }
    return nil
}

let remote: Target? = released.url.isEmpty
    ? nil : .binaryTarget(name: "PacelineFFI", url: released.url, checksum: released.checksum)

let engine: Target
var linking: [LinkerSetting] = []
if environment["PACELINE_XCFRAMEWORK"] == "remote" {
    guard let remote else { stop("there is no released XCFramework yet; unset PACELINE_XCFRAMEWORK.") }
    engine = remote
} else if isApple && exists(here.appendingPathComponent("Paceline.xcframework").path) {
    engine = .binaryTarget(name: "PacelineFFI", path: "Paceline.xcframework")
} else if let settings = locallyBuilt() {
    engine = .systemLibrary(name: "PacelineFFI", path: "Sources/PacelineFFI")
    linking = settings
} else if isApple, let remote {
    engine = remote
} else {
    stop("no native library was found. Run `cargo xtask bindings` in the checkout, or name the folder of libpaceline in PACELINE_LIB_DIR.")
}

if !exists(here.appendingPathComponent("Sources/PacelineCore/PacelineCore.swift").path) {
    stop("the generated Swift code is missing. Run `cargo xtask bindings` in the checkout.")
}

// The project's own tests name the library. There, a warning is an error; for everybody else a newer compiler may warn.
let strict: [SwiftSetting] = environment["PACELINE_LIB_DIR"] == nil ? [] : [.unsafeFlags(["-warnings-as-errors"])]

let package = Package(
    name: "Paceline",
    platforms: [.iOS(.v16), .macOS(.v13), .watchOS(.v9), .tvOS(.v16), .visionOS(.v1)],
    products: [
        .library(name: "Paceline", targets: ["Paceline"]),
    ],
    targets: [
        engine,
        .target(name: "PacelineCore", dependencies: ["PacelineFFI"], swiftSettings: strict, linkerSettings: linking),
        .target(name: "Paceline", dependencies: ["PacelineCore"], swiftSettings: strict),
        .executableTarget(
            name: "FirstSession", dependencies: ["Paceline"], path: "Examples/FirstSession", swiftSettings: strict),
        .executableTarget(
            name: "SharedStore", dependencies: ["Paceline"], path: "Examples/SharedStore", swiftSettings: strict),
        .executableTarget(
            name: "Border", dependencies: ["Paceline"], path: "Benchmarks/Border", swiftSettings: strict),
        .testTarget(name: "PacelineTests", dependencies: ["Paceline"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
