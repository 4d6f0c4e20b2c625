//! What is not connected when the day begins, so that signing in can be practised: another Page of the first brand, and
//! another address of it on Matrix. Both have customers of their own.

use super::act::perform;
use super::cast::{Way, customer};
use super::{Day, Place};
use crate::world::{Credential, SignIn, World};

const MINUTE_MS: i64 = 60_000;
const PAGE: &str = "Alpenblick Verleih";
const MATRIX: &str = "Alpenblick Presse";
const CUSTOMERS: i64 = 4;

/// `owner` runs the Page, `app` is the brand's own Meta app.
pub(super) fn accounts(world: &World, day: &mut Day, owner: &str, (app, secret): (&str, &str)) {
    let meta = world.messenger();
    let page = meta.create_page(owner, PAGE, "Sporting goods");
    let token = meta.page_token(app, owner, &page);
    let matrix = world.matrix(&day.brands[0].host);
    let user = matrix.create_user("presse", super::cast::PASSWORD, MATRIX);
    let brand = day.sign_in_name(0);
    let page_token = Credential::PageToken {
        page_id: page.clone(),
        page_token: token,
        app_id: app.to_owned(),
        app_secret: secret.to_owned(),
    };
    let own_app = Credential::OwnApp { app_id: app.to_owned(), app_secret: secret.to_owned() };
    let password = Credential::Password { user: user.clone(), password: super::cast::PASSWORD.to_owned() };
    let sign_in = |platform, name: &str, server: String, credential| SignIn {
        platform,
        display_name: name.to_owned(),
        brand: brand.clone(),
        server,
        credential,
    };
    let graph = || "https://graph.facebook.com".to_owned();
    world.lock().practice.extend([
        sign_in("messenger", &brand, graph(), own_app),
        sign_in("messenger", PAGE, graph(), page_token),
        sign_in("matrix", MATRIX, matrix.base_url(), password),
    ]);
    day.spare = Some((page, user));
}

/// A few people wrote there in the last hours.
pub(super) fn talks(world: &World, day: &mut Day, now_ms: i64) {
    let Some((page, user)) = day.spare.take() else { return };
    let (was_page, was_user) = (day.brands[0].page.clone(), day.brands[0].user.clone());
    day.brands[0].page = page;
    day.brands[0].user = user;
    for number in 0..CUSTOMERS {
        let way = if number == 0 { Way::Native } else { Way::Messenger };
        let at_ms = now_ms - (number + 1) * 23 * MINUTE_MS;
        let place = customer(world, day, 0, way, at_ms - MINUTE_MS);
        let person = day.conversations[place].person.clone();
        let talk = day.words.deal(&person, "outdoor", at_ms, false, &mut day.chance);
        let Day { conversations, chance, .. } = &mut *day;
        let conversation = &mut conversations[place];
        conversation.rest = talk.turns.into();
        while let Some(turn) = conversation.rest.pop_front_if(|turn| !turn.is_ours) {
            perform(world, conversation, &turn, at_ms, chance);
        }
        debug_assert!(matches!(conversation.place, Place::Messenger { .. }) == (number > 0));
    }
    (day.brands[0].page, day.brands[0].user) = (was_page, was_user);
}
