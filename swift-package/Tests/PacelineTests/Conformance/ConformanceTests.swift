import Foundation
import Testing

/// Plays every scenario of `tests/conformance` through the public interface. The format is described in the README there.
@Suite struct ConformanceTests {
    /// `PACELINE_CONFORMANCE`, else the folder of this checkout.
    static var folder: URL {
        if let path = ProcessInfo.processInfo.environment["PACELINE_CONFORMANCE"] {
            return URL(fileURLWithPath: path)
        }
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<5 { root.deleteLastPathComponent() }
        return root.appendingPathComponent("tests/conformance")
    }

    static var files: [URL] {
        let all = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return all.filter { $0.pathExtension == "scenario" }.sorted { $0.path < $1.path }
    }

    @Test func everyScenarioHappensAsItIsWritten() throws {
        let files = Self.files
        #expect(!files.isEmpty, "there are no scenarios in \(Self.folder.path)")
        for file in files {
            let written = try String(contentsOf: file, encoding: .utf8)
            do {
                let happened = try Stage.play(written)
                if happened != written {
                    Issue.record("\(file.lastPathComponent):\(Self.difference(written, happened))")
                }
            } catch let wrong as Wrong {
                Issue.record("\(file.lastPathComponent):\(wrong.sentence)")
            }
        }
        print("\(files.count) scenarios played")
    }

    /// The first line that differs: the step it stands under, what the file says and what happened.
    static func difference(_ written: String, _ happened: String) -> String {
        let (written, happened) = (written.components(separatedBy: "\n"), happened.components(separatedBy: "\n"))
        let same = zip(written, happened).prefix { $0 == $1 }.count
        let step = happened[..<same].last { !$0.hasPrefix("    ") } ?? ""
        let line = { (lines: [String]) in same < lines.count ? lines[same] : "(the end)" }
        return "\(same + 1): not as written\n      \(step)\n    - \(line(written))\n    + \(line(happened))"
    }

    @Test(arguments: [
        ("run fly", "a session has no verb \"fly\""),
        ("walk start", "nothing is called \"walk\""),
        ("run start soon", "\"soon\" is no time; write 60s or 1500ms"),
        ("run start 5s 6s", "nothing is to be done with \"6s\""),
        ("run start  5s", "words are separated by single spaces"),
        ("run begin running", "a location is missing"),
        ("watch ingest heartbeat 140 0s", "\"heartbeat\" is no quantity type"),
        ("run add heartRate many 0s", "\"many\" is no number"),
        ("run when tired pause", "\"tired\" is nothing that a delegate hears"),
        ("session run cycling outdoor", "the name \"run\" is taken"),
        ("session recover cycling outdoor", "\"recover\" is no name"),
        ("recover watch", "the name \"watch\" is taken"),
        ("recover run on=phone", "no device is called \"phone\""),
        ("device phone arbitration=newcomer", "\"newcomer\" is no arbitration; write refuse, ask or handOver"),
        ("run payload two words", "nothing is to be done with \"words\""),
        ("at -5s", "time does not go back"),
        ("run addMetadata title=Intervals", "\"Intervals\" is no metadata value; write KIND:VALUE"),
    ])
    func aFaultOfAFileIsToldWithItsLine(step: String, sentence: String) throws {
        let story = "# A story.\n\ndevice watch\nsession run running outdoor\n\(step)\n"
        #expect {
            try Stage.play(story)
        } throws: { error in
            (error as? Wrong)?.sentence == "5: \(sentence)"
        }
    }

    @Test func aDifferenceNamesItsStep() {
        let written = "device watch\nrun start\n    ok\n    run event\nrun end\n"
        let happened = "device watch\nrun start\n    ok\nrun end\n    ok\n"
        #expect(
            Self.difference(written, happened)
                == "4: not as written\n      run start\n    -     run event\n    + run end")
    }
}
