//! A file has one idea.

use super::assert_none;
use super::source::files;

const MOST: usize = 500;
const MOST_OF_NINE_IN_TEN: usize = 300;
const MOST_OF_HALF: usize = 130;
const ENDINGS: [&str; 6] = [".rs", ".ts", ".svelte", ".css", ".mjs", ".js"];

fn problems(mut sizes: Vec<(usize, String)>) -> Vec<String> {
    sizes.sort();
    let mut problems: Vec<String> = sizes
        .iter()
        .filter(|(lines, _)| *lines > MOST)
        .map(|(lines, path)| format!("{path} has {lines} lines; {MOST} is the most"))
        .collect();
    for (share, percent, most) in [(5, 50, MOST_OF_HALF), (9, 90, MOST_OF_NINE_IN_TEN)] {
        let Some((lines, _)) = sizes.get(sizes.len() * share / 10) else { continue };
        if *lines > most {
            let longest: Vec<&str> = sizes.iter().rev().take(5).map(|(_, path)| path.as_str()).collect();
            problems.push(format!(
                "{percent} % of the files shall have up to {most} lines; now it is {lines}. The longest: {}",
                longest.join(", ")
            ));
        }
    }
    problems
}

#[test]
fn files_stay_small() {
    let sizes = files("", &ENDINGS).into_iter().map(|file| (file.text.lines().count(), file.path)).collect();
    assert_none(problems(sizes), "A long file has two ideas: split it where the second begins.");
}

#[test]
fn a_long_file_and_many_middling_ones_are_found() {
    let file = |lines: usize| (lines, format!("{lines}.rs"));
    assert_eq!(problems(vec![file(501)]).len(), 3);
    assert_eq!(problems([20, 40, 131, 140, 150].map(file).to_vec()).len(), 1);
    assert!(problems([20, 40, 130, 300, 290].map(file).to_vec()).is_empty());
}
