//! The list of calls and all their types as TypeScript: `ui/src/api/generated.ts`.

use crate::calls::for_each_call;
use crate::error::ApiError;
use crate::types::account::*;
use crate::types::conversation::*;
use crate::types::inbox::*;
use crate::types::login::*;
use crate::types::profile::*;
use crate::types::search::*;
use crate::types::*;
use model::action::Intent;
use model::draft::DraftFile;
use model::settings::Settings;
use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use ts_rs::{Config, TS, TypeVisitor};

/// Every declaration that a type needs, by name, so that the file is the same each time.
struct Declarations {
    config: Config,
    seen: BTreeSet<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            self.by_name.insert(T::ident(&self.config), format!("{docs}export {}", T::decl(&self.config)));
        }
        T::visit_generics(self);
        T::visit_dependencies(self);
    }
}

macro_rules! write_calls {
    ($($kind:ident $name:ident($arguments:ty) -> $answer:ty, reads [$($topic:ident),*];)+) => {
        /// The whole file.
        pub fn typescript() -> String {
            let config = Config::new().with_large_int("number");
            let mut all = Declarations { config, seen: BTreeSet::new(), by_name: BTreeMap::new() };
            all.visit::<ApiError>();
            let mut file = String::from("// Written by `cargo test -p api`. Do not edit: change src-tauri/crates/api/src/calls.rs.\n\n");
            let (mut calls, mut topics) = (String::new(), String::new());
            $(
                all.visit::<$arguments>();
                all.visit::<$answer>();
                let (arguments, answer) = (<$arguments as TS>::name(&all.config), <$answer as TS>::name(&all.config));
                writeln!(calls, "  {}: {{ kind: '{}'; arguments: {arguments}; answer: {answer} }};",
                    stringify!($name), stringify!($kind)).expect("writing to a string");
                if stringify!($kind) == "query" {
                    let list: &[&str] = &[$(stringify!($topic)),*];
                    let list: Vec<String> = list.iter().map(|topic| format!("'{}'", topic.to_lowercase())).collect();
                    writeln!(topics, "  {}: [{}],", stringify!($name), list.join(", ")).expect("writing to a string");
                }
            )+
            for declaration in all.by_name.values() {
                file.push_str(declaration.trim_end());
                file.push_str("\n\n");
            }
            write!(file, "/** Everything a UI may ask. */\nexport interface Calls {{\n{calls}}}\n\n\
                /** What the answer of a query is made of: it is stale when a change names one of these. `conversation` means the one in its arguments. */\n\
                export const READS = {{\n{topics}}} as const;\n").expect("writing to a string");
            file
        }
    };
}
for_each_call!(write_calls);

#[cfg(test)]
mod tests {
    /// Rewrites the file when it is stale, and fails so that the change is seen; fails only once.
    #[test]
    fn the_typescript_file_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/api/generated.ts");
        let (now, then) = (super::typescript(), std::fs::read_to_string(path).unwrap_or_default());
        if now != then {
            std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
            std::fs::write(path, now).unwrap();
            panic!("ui/src/api/generated.ts was stale; it has been written anew, commit it");
        }
    }
}
