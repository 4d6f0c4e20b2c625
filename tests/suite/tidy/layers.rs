//! Which part of the window's content may know which.

use super::source::{File, files};
use super::{assert_none, invented};

/// A layer and what it may import beside itself and packages. `features/*` stands for every feature.
const LAYERS: [(&str, &[&str]); 8] = [
    ("host", &[]),
    ("api", &["host", "lib"]),
    ("i18n", &["api"]),
    ("lib", &["i18n"]),
    ("design", &["lib", "i18n", "api", "host"]),
    ("features/*", &["design", "lib", "i18n", "api", "host"]),
    ("app", &["features/*", "design", "lib", "i18n", "api", "host"]),
    // `main.ts` (the build for pictures takes the invented core from `ui/dev`), and what sets a test up.
    ("", &["app", "features/*", "design", "lib", "i18n", "api", "host", "dev"]),
];

const SOURCE: &str = "ui/src/";

fn problems(files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files {
        let Some(inside) = file.path.strip_prefix(SOURCE) else { continue };
        let from = layer(inside);
        let Some((_, may)) = LAYERS.iter().find(|(name, _)| *name == any(from)) else {
            problems.push(format!("{}: `{from}` is no layer", file.path));
            continue;
        };
        for import in imports(&file.text) {
            let Some(target) = resolved(inside, import) else {
                if import.starts_with("@tauri-apps/") && from != "host" {
                    problems.push(format!("{} imports {import}; only src/host may", file.path));
                }
                continue;
            };
            let to = layer(&target);
            if from != to && !may.contains(&any(to)) {
                problems.push(format!("{} imports {import}", file.path));
            }
        }
    }
    problems
}

/// `features/inbox/x.ts` → `features/inbox`, `lib/x.ts` → `lib`, `main.ts` → nothing.
fn layer(path: &str) -> &str {
    let depth = if path.starts_with("features/") { 2 } else { 1 };
    path.match_indices('/').nth(depth - 1).map_or("", |(end, _)| &path[..end])
}

fn any(layer: &str) -> &str {
    if layer.starts_with("features/") { "features/*" } else { layer }
}

/// Everything between quotes after `from` or `import`.
fn imports(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for word in ["from ", "import ", "import("] {
        for (start, _) in text.match_indices(word) {
            let after = &text[start + word.len()..];
            let Some(quote) = after.chars().next().filter(|first| matches!(first, '\'' | '"')) else {
                continue;
            };
            found.extend(after[1..].split(quote).next());
        }
    }
    found
}

/// Where in `src` an import leads; none: a package.
fn resolved(from: &str, import: &str) -> Option<String> {
    if let Some(inside) = import.strip_prefix("@/") {
        return Some(inside.to_owned());
    }
    if !import.starts_with('.') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[test]
fn the_arrows_in_the_window_point_one_way() {
    assert_none(
        problems(&files("ui/src", &[".ts", ".svelte"])),
        "lib ← design ← features ← app; a feature knows no other: let `app` compose them, or move what they share down.",
    );
}

#[test]
fn a_feature_that_looks_sideways_or_up_is_found() {
    let files = [
        invented("ui/src/features/inbox/a.ts", "import { b } from '@/features/search/b'"),
        invented("ui/src/features/inbox/b.svelte", "import Shell from '../../app/Shell.svelte'"),
        invented("ui/src/design/c.ts", "const d = await import('@/features/inbox/d')"),
        invented("ui/src/lib/e.ts", "import { invoke } from '@tauri-apps/api/core'"),
        invented("ui/src/other/f.ts", ""),
        invented(
            "ui/src/app/g.ts",
            "import '@/features/inbox/h'\nimport x from './x'\nimport y from 'svelte'",
        ),
        invented("ui/src/host/h.ts", "import { invoke } from '@tauri-apps/api/core'"),
    ];
    assert_eq!(problems(&files).len(), 5, "{:?}", problems(&files));
}
