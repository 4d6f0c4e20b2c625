//! Known holes in what Kontor is built on. Both lists lie on the network, and a mirror of the packages has neither: where one
//! cannot be asked, that is said as skipped, and nothing fails for it.

use super::step::{Report, Step};
use crate::cargo::plain;
use crate::process::answer;
use crate::ui::npm_in_ui;
use std::process::Stdio;

/// Asks the list of advisories for Rust packages, as `deny.toml` says.
pub fn of_rust(report: &mut Report) {
    if answer(plain("deny").arg("--version")).is_none() {
        return report.skip(
            "advisories for Rust packages: cargo-deny is not installed (`cargo install --locked cargo-deny`)",
        );
    }
    if answer(plain("deny").args(["fetch", "db"])).is_none() {
        return report.skip("advisories for Rust packages: their database cannot be reached from here");
    }
    let mut check = plain("deny");
    check.args(["check", "advisories"]);
    report.run(Step::check("advisories for Rust packages", check, "Update what is named above."));
}

/// Asks the npm registry about the page's packages and what builds it.
pub fn of_npm(report: &mut Report) {
    let asked = npm_in_ui().args(["audit", "--json"]).stdin(Stdio::null()).output();
    if !asked.is_ok_and(|output| is_answer(&String::from_utf8_lossy(&output.stdout))) {
        return report
            .skip("advisories for npm packages: the registry does not answer `npm audit` from here");
    }
    let mut audit = npm_in_ui();
    audit.args(["audit", "--audit-level=high"]);
    report.run(Step::check("advisories for npm packages", audit, "In ui/, update what is named above."));
}

/// `npm audit` ends with 1 for a hole as well as for a registry that does not know the question.
fn is_answer(said: &str) -> bool {
    said.contains("\"auditReportVersion\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_that_does_not_know_the_question_has_not_answered() {
        assert!(is_answer("{\n  \"auditReportVersion\": 2,\n  \"vulnerabilities\": {}\n}"));
        assert!(!is_answer("{\n  \"message\": \"405 Method Not Allowed\",\n  \"statusCode\": 405\n}"));
        assert!(!is_answer(""));
    }
}
