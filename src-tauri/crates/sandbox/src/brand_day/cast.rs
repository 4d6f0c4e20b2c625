//! Who plays: two brands with their accounts, and customers with names and faces.

use super::{Conversation, Day, Person, Place};
use crate::matrix::Bridge;
use crate::media::{Media, Motif};
use crate::world::{BOUNCE_HOST, Credential, SignIn, World};

/// A brand and its two accounts.
pub(super) struct Brand {
    pub name: &'static str,
    pub goods: &'static str,
    pub page: String,
    pub host: String,
    pub user: String,
    /// Share of customers who write German, in percent.
    pub german: u32,
    /// How many conversations each way: on Messenger, natively on Matrix, and by bridge.
    pub messenger: usize,
    pub native: usize,
    pub bridged: Vec<(Bridge, usize)>,
}

/// The customer's way to the brand.
#[derive(Clone, Copy)]
pub(super) enum Way {
    Messenger,
    Native,
    Bridged(Bridge),
}

pub(super) const PASSWORD: &str = "sandbox";

pub(super) fn names(day: &mut Day) {
    let pools = &day.words.pools;
    let (first, last) = (pools.list("all", "first"), pools.list("all", "last"));
    // Steps of different length through both lists give many pairs without a repetition.
    let mut names: Vec<(String, String)> = (0..first.len() * 6)
        .map(|place| {
            (
                first[place % first.len()].clone(),
                last[(place * 7 + place / first.len() * 5) % last.len()].clone(),
            )
        })
        .collect();
    day.chance.shuffle(&mut names);
    day.names = names;
}

pub(super) fn brands(world: &World, day: &mut Day) {
    let outdoor =
        ("Alpenblick Outdoor", "outdoor", "matrix.alpenblick.example", "Sporting goods", "Miriam Kofler");
    let cafe = ("Café Morgenrot", "cafe", "matrix.morgenrot.example", "Café", "Tarek Sander");
    for (place, (name, goods, host, category, owner)) in [outdoor, cafe].into_iter().enumerate() {
        let meta = world.messenger();
        let (app, secret) = meta.create_app(&format!("{name} Inbox"), &[&format!("https://{BOUNCE_HOST}/")]);
        let user = meta.create_user(owner);
        let page = meta.create_page(&user, name, category);
        let token = meta.page_token(&app, &user, &page);
        let matrix = world.matrix(host);
        let account = matrix.create_user("service", PASSWORD, name);
        let motif = if goods == "cafe" { Motif::Mug } else { Motif::Mountains };
        matrix.set_avatar(&account, Media::scene("logo.png", motif, 11, 128, 128));
        let (own_app, owner_id) = ((app.clone(), secret.clone()), user.clone());
        let page_sign_in = SignIn {
            platform: "messenger",
            display_name: name.to_owned(),
            brand: name.to_owned(),
            server: "https://graph.facebook.com".to_owned(),
            credential: Credential::PageToken {
                page_id: page.clone(),
                page_token: token,
                app_id: app,
                app_secret: secret,
            },
        };
        let matrix_sign_in = SignIn {
            platform: "matrix",
            display_name: name.to_owned(),
            brand: name.to_owned(),
            server: matrix.base_url(),
            credential: Credential::Password { user: account.clone(), password: PASSWORD.to_owned() },
        };
        world.lock().sign_ins.extend([page_sign_in, matrix_sign_in]);
        let bridged = if place == 0 {
            vec![(Bridge::INSTAGRAM, 26), (Bridge::X, 12), (Bridge::LINKEDIN, 8), (Bridge::WHATSAPP, 12)]
        } else {
            vec![(Bridge::INSTAGRAM, 34), (Bridge::WHATSAPP, 24)]
        };
        let (german, messenger, native) = if place == 0 { (58, 92, 22) } else { (66, 84, 14) };
        let host = host.to_owned();
        day.brands.push(Brand { name, goods, page, host, user: account, german, messenger, native, bridged });
        if place == 0 {
            super::practice::accounts(world, day, &owner_id, (&own_app.0, &own_app.1));
        }
    }
}

/// A new customer with an empty conversation; gives its place in the day.
pub(super) fn customer(world: &World, day: &mut Day, brand: usize, way: Way, at_ms: i64) -> usize {
    let spare = || ("Alex".to_owned(), "Unbekannt".to_owned());
    let (first, last) = day.names.pop().unwrap_or_else(spare);
    let play = &day.brands[brand];
    let language = if day.chance.percent(play.german) { "de" } else { "en" };
    let picture = match day.chance.percent(62) {
        true => Some(portrait(day)),
        false => None,
    };
    let (page, host, user) = {
        let play = &day.brands[brand];
        (play.page.clone(), play.host.clone(), play.user.clone())
    };
    let place = match way {
        Way::Messenger => {
            let meta = world.messenger();
            let customer = meta.create_customer(&page, &first, &last);
            if let Some(picture) = picture {
                meta.set_picture(&customer, picture);
            }
            Place::Messenger { page, customer }
        }
        Way::Native => {
            let matrix = world.matrix(&host).at(at_ms);
            let local = format!("{}.{}", plain(&first), plain(&last));
            let customer = matrix.create_user(&local, PASSWORD, &format!("{first} {last}"));
            if let Some(picture) = picture {
                matrix.set_avatar(&customer, picture);
            }
            let room = matrix.direct_room(&user, &customer);
            Place::Matrix { host, room, customer, brand: user }
        }
        Way::Bridged(bridge) => {
            let matrix = world.matrix(&host).at(at_ms);
            let remote_id = match bridge.appservice {
                "whatsapp" => format!("4915{}", day.chance.digits(8)),
                "linkedin" => format!("acoaa{}", day.chance.id(12).to_lowercase().replace('-', "a")),
                _ => day.chance.digits(12),
            };
            let shown = match bridge.appservice {
                "instagram" if day.chance.percent(45) => format!("{}.{}", plain(&first), handle(day)),
                _ => format!("{first} {last}"),
            };
            let bridged = matrix.bridged_room(&user, bridge, &remote_id, &shown, picture);
            Place::Matrix { host, room: bridged.room, customer: bridged.ghost, brand: user }
        }
    };
    day.conversations.push(Conversation {
        place,
        brand,
        person: Person { language, first, last },
        theirs: None,
        ours: None,
        rest: std::collections::VecDeque::new(),
        answers: 0,
        is_encrypted: false,
    });
    day.conversations.len() - 1
}

/// What people show instead of themselves: a drawn face would fit some names and not others.
fn portrait(day: &mut Day) -> Media {
    const MOTIFS: [Motif; 9] = [
        Motif::Mountains,
        Motif::Mountains,
        Motif::Tent,
        Motif::Backpack,
        Motif::Boot,
        Motif::Bottle,
        Motif::Mug,
        Motif::Cake,
        Motif::Roll,
    ];
    let motif = *day.chance.pick(&MOTIFS);
    let seed = day.chance.digits(12).parse().unwrap_or(1);
    Media::scene("avatar.png", motif, seed, 128, 128)
}

fn handle(day: &mut Day) -> &'static str {
    const HANDLES: [&str; 10] = [
        "unterwegs",
        "klettert",
        "isst",
        "draussen",
        "bakes",
        "hikes",
        "travels",
        "on.tour",
        "foto",
        "daily",
    ];
    HANDLES[day.chance.digits(3).parse::<usize>().unwrap_or(0) % HANDLES.len()]
}

/// A name as it goes into a user id and an address: small ASCII letters.
pub(super) fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let folded = lower.chars().flat_map(|c| {
        let folded = match c {
            'ä' => "ae",
            'ö' | 'ø' => "oe",
            'ü' => "ue",
            'ß' => "ss",
            'á' | 'à' | 'ã' | 'â' => "a",
            'é' | 'è' | 'ê' | 'ë' => "e",
            'í' | 'ı' | 'î' => "i",
            'ó' | 'ô' | 'ő' => "o",
            'ú' | 'ů' | 'ễ' => "u",
            'ç' | 'č' | 'ć' => "c",
            'ş' | 'š' => "s",
            'ř' => "r",
            'ý' => "y",
            'ž' => "z",
            'ğ' => "g",
            'ñ' | 'ň' => "n",
            'å' => "a",
            _ => "",
        };
        let own = (folded.is_empty() && c.is_ascii_alphanumeric()).then_some(c);
        folded.chars().chain(own).collect::<Vec<char>>()
    });
    folded.collect()
}
