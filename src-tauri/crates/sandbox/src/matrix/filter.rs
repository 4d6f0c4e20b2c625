//! What a client wants to see of a sync.

use serde_json::Value;

use super::server::Server;
use crate::wire::Params;

pub(crate) struct Filter {
    pub timeline_limit: usize,
    pub timeline_types: Option<Vec<String>>,
    pub lazy: bool,
    pub state_types: Option<Vec<String>>,
    pub ephemeral_types: Option<Vec<String>>,
    pub room_data_types: Option<Vec<String>>,
    pub account_data_types: Option<Vec<String>>,
}

impl Filter {
    /// The `filter` parameter: inline JSON, or the id of an uploaded one. Anything unreadable filters nothing.
    pub fn of(params: &Params, server: &Server, user: &str) -> Filter {
        let text = params.get("filter").map_or("", String::as_str);
        let stored =
            text.parse::<usize>().ok().and_then(|place| server.users.get(user)?.filters.get(place).cloned());
        let given = stored.or_else(|| serde_json::from_str(text).ok()).unwrap_or(Value::Null);
        let room = &given["room"];
        let limit = room["timeline"]["limit"].as_u64().unwrap_or(10).clamp(1, 100);
        Filter {
            timeline_limit: usize::try_from(limit).unwrap_or(10),
            timeline_types: types(&room["timeline"]),
            lazy: room["state"]["lazy_load_members"] == true,
            state_types: types(&room["state"]),
            ephemeral_types: types(&room["ephemeral"]),
            room_data_types: types(&room["account_data"]),
            account_data_types: types(&given["account_data"]),
        }
    }
}

fn types(of: &Value) -> Option<Vec<String>> {
    let list = of.get("types")?.as_array()?;
    Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Absent lists pass everything; a trailing `*` matches the rest.
pub(crate) fn passes(types: Option<&Vec<String>>, kind: &str) -> bool {
    types.is_none_or(|types| {
        types.iter().any(|wanted| match wanted.strip_suffix('*') {
            Some(start) => kind.starts_with(start),
            None => wanted == kind,
        })
    })
}
