//! `GET /{PSID}`: who a customer is, as far as they let the Page know.

use serde_json::{Value, json};

use super::call::Call;
use super::cdn;
use super::error::GraphError;
use super::fields::{self, Field};
use super::platform::{Platform, Profile};
use super::shape::{Shape, check, pick};
use super::tokens::Grant;

pub(crate) fn look_up(
    platform: &Platform,
    call: &Call,
    grant: &Grant,
    psid: &str,
) -> Result<Value, GraphError> {
    let hidden = || GraphError::unsupported(&call.method, psid);
    let customer = platform.customers.get(psid).ok_or_else(hidden)?;
    grant.page(platform, &customer.page, &call.method).map_err(|_| hidden())?;
    grant.needs("pages_messaging", 10)?;
    match customer.profile {
        Profile::Known | Profile::Nameless => {}
        Profile::NeedsConsent => {
            return Err(GraphError::new(230, "(#230) User consent is required to access user profile."));
        }
        Profile::NotFound => return Err(GraphError::new(9010, "(#9010) No matching Instagram user")),
        Profile::Hidden => return Err(hidden()),
    }
    let fields = match call.param("fields") {
        "" => ["first_name", "last_name", "profile_pic"].map(Field::named).to_vec(),
        text => fields::parse(text)?,
    };
    check(&fields, Shape::Profile)?;
    let mut node = json!({
        "id": psid,
        "name": customer.name(),
        "first_name": customer.first_name,
        "last_name": customer.last_name,
    });
    if customer.profile == Profile::Nameless {
        // The one place where Graph writes null instead of leaving the key out.
        node["name"] = Value::Null;
        node["first_name"] = Value::Null;
        node["last_name"] = Value::Null;
        node["profile_pic"] = Value::Null;
    } else if let Some(picture) = &customer.picture {
        node["profile_pic"] = json!(cdn::profile_picture(picture, call.now_ms));
    }
    Ok(pick(&node, &fields))
}
