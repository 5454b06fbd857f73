//! The figures of the engine, each beside a baseline that was measured in the same run.
//!
//! Run it with `cargo xtask bench`; name figures (`ingest`, `replay`, `hour`, `recovery`, `length`, `border`, `compaction`) to run
//! only those. What counts is the ratio: the machine's speed cancels out of it. Every ratio is the median of pairs, the two
//! sides of a pair measured one right after the other.

mod border;
mod compaction;
mod hour;
mod ingest;
mod length;
mod pairs;
mod recovery;
mod replay;
mod ride;
mod usage;
mod watch;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [word, hours] = &arguments[..]
        && word == length::CHILD
    {
        return length::run_child(hours.parse().unwrap_or(1));
    }
    if arguments == [border::CHILD] {
        return border::run_child();
    }
    let asked = |name: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == name);
    let figures: [(&str, fn()); 7] = [
        ("ingest", ingest::print),
        ("replay", replay::print),
        ("hour", hour::print),
        ("recovery", recovery::print),
        ("length", length::print),
        ("border", border::print),
        ("compaction", compaction::print),
    ];
    for (name, print) in figures {
        if asked(name) {
            print();
            println!();
        }
    }
}
