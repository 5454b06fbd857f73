//! The figures of the engine, each beside a baseline that was measured in the same run.
//!
//! Run it with `cargo xtask bench`. What counts is the ratio: the machine's speed cancels out of it. Every ratio is the
//! median of pairs, the two sides of a pair measured one right after the other.

mod ingest;
mod pairs;

fn main() {
    ingest::print();
}
