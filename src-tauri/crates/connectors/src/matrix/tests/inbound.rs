//! Answers → facts, against fixtures.

use super::support::{ME, NOW, line};
use crate::matrix::inbound::{Batch, Moment, page, sync};
use crate::matrix::rooms::Rooms;
use crate::matrix::wire::{Page, Sync, parse};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/matrix/", $name))
    };
}
pub(super) use fixture;

fn absorb(rooms: &mut Rooms, text: &str, since: Option<&str>, order: i64) -> Batch {
    let news: Sync<'_> = parse(text.as_bytes()).unwrap();
    let touched = rooms.absorb(&news, since.is_none(), since.is_some());
    assert_eq!(rooms.lacking(&news), Vec::<String>::new());
    sync(rooms, &news, &touched, Moment { now: NOW, since, order })
}

fn first() -> (Rooms, Batch) {
    let mut rooms = Rooms::new(ME, []);
    let batch = absorb(&mut rooms, fixture!("first_sync.json"), None, 0);
    (rooms, batch)
}

fn lines_about(batch: &Batch, what: &[&str]) -> Vec<String> {
    let lines = batch.events.iter().map(line);
    lines.filter(|line| what.iter().any(|what| line.starts_with(what))).collect()
}

#[test]
fn a_first_sync_tells_who_and_where_and_keeps_orders_and_folders_out() {
    let (rooms, batch) = first();
    assert_eq!(batch.problems, Vec::<String>::new());
    assert_eq!(
        lines_about(&batch, &["conversation"]),
        [
            r#"conversation !bridged Some(Direct) None with @instagram_1784:example.org on Instagram ≤1000 ≤8000000 B"#,
            r#"conversation !faked Some(Direct) None with @mallory:evil.org on -"#,
            r#"conversation !group Some(Group) Some("Anna Müller, ben, cem") with nobody on -"#,
            r#"conversation !named Some(Group) Some("Messe Köln") with nobody on - encrypted"#,
            r#"conversation !native Some(Direct) None with @anna:example.org on -"#,
            r#"conversation !ask Some(Request) None with @dora:example.net on -"#,
        ]
    );
    assert_eq!(
        lines_about(&batch, &["contact @instagram_1784", "contact @anna", "contact @dora"]),
        [
            r#"contact @instagram_1784:example.org Some("Ada Okafor") None "#,
            r#"contact @anna:example.org Some("Anna Müller") Some("@anna:example.org") "#,
            r#"contact @dora:example.net Some("Dora") Some("@dora:example.net") "#,
        ]
    );
    assert_eq!(rooms.bots().iter().collect::<Vec<_>>(), ["@instagrambot:example.org"]);
    assert!(lines_about(&batch, &["$o1"]).is_empty());
}

#[test]
fn every_kind_of_event_becomes_what_it_is() {
    let (_, batch) = first();
    let start = batch.events.iter().position(|event| line(event).starts_with("gap !native")).unwrap();
    let lines: Vec<String> = batch.events[start..].iter().map(line).collect();
    let end = lines.iter().position(|line| line.starts_with("contact @dora")).unwrap();
    assert_eq!(
        lines[..end],
        [
            r#"gap !native {"from":"t1","to":null,"order":0} hole=false"#,
            r#"$text @anna:example.org Plain "Ist das blaue noch da?""#,
            r#"$emote @anna:example.org Plain "* winkt""#,
            r#"$notice @anna:example.org Notice "automatisch""#,
            r#"$image @anna:example.org Plain "" [Image "pixel.png" image/png Some(70) Some((4, 3)) mxc://example.org/abc]"#,
            r#"$caption @anna:example.org Plain "Hier die Rechnung" [File "rechnung.pdf" application/pdf None None mxc://example.org/def]"#,
            r#"$sealed @anna:example.org Plain "" [File "geheim.bin" application/octet-stream None None nowhere]"#,
            r#"$place @anna:example.org Plain "Büro" [Share "52.52, 13.405"  None None nowherehttps://www.openstreetmap.org/?mlat=52.52&mlon=13.405#map=16/52.52/13.405]"#,
            r#"$sticker @anna:example.org Plain "" [Sticker "Katze" image/webp None None mxc://example.org/cat]"#,
            r#"$sealed-text @anna:example.org Encrypted """#,
            r#"$unknown @anna:example.org Plain "tanzt""#,
            r#"$wordless @anna:example.org Unsupported """#,
            r#"$poll @anna:example.org Unsupported "Blau oder grün?""#,
            r#"$answer us Plain "Ja, noch drei." re $text ours"#,
            r#"$quoting @anna:example.org Plain "Dann nehme ich eins." re $answer"#,
            r#"$greater @anna:example.org Plain "> nur ein Zeichen""#,
            r#"$thread @anna:example.org Plain "im Faden""#,
            r#"👍 on $answer by @anna:example.org as $thumb"#,
            r#"edit $text by @anna:example.org "Ist das grüne noch da?" $edit"#,
            r#"delete $emote"#,
            r#"delete $notice"#,
            r#"$gone @anna:example.org Plain "" deleted"#,
            r#"$bundled @anna:example.org Plain "alter Text""#,
            r#"edit $bundled by @anna:example.org "neuer Text" $bundle-edit"#,
            r#"$call @anna:example.org Unsupported """#,
            r#"read by us $answer"#,
            r#"read by them $text"#,
            r#"read by them +17"#,
        ]
    );
}

#[test]
fn behind_a_bridge_the_brands_own_ghost_is_us_and_the_bot_is_nobodys_customer() {
    let (_, batch) = first();
    assert_eq!(
        lines_about(&batch, &["$b"])[..3],
        [
            r#"$b1 @instagram_1784:example.org Plain "Hi!""#,
            r#"$b2 us Plain "Hello from the phone""#,
            r#"$b3 @instagrambot:example.org Notice "Your message was not bridged""#,
        ]
    );
    assert!(!batch.events.iter().any(|event| line(event) == "read by them $b2"));
}

#[test]
fn an_incremental_sync_tells_changes_and_survives_what_is_broken_in_it() {
    let (mut rooms, first) = first();
    let batch = absorb(&mut rooms, fixture!("incremental_sync.json"), Some("s1"), first.order);
    let lines: Vec<String> = batch.events.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            r#"conversation !named Some(Group) Some("Messe Köln") with nobody on - encrypted read-only"#,
            r#"gap !native {"from":"t3","to":"s1","order":1000023} hole=true"#,
            r#"$n1 @anna:example.org Plain "neu" new"#,
            r#"$n2 @anna:example.org Plain "alt""#,
            r#"edit $text by @mallory:evil.org "gekapert" $n3"#,
            r#"$n6 @anna:example.org Unsupported "" new"#,
            r#"$n7 @anna:example.org Plain "aus der Zukunft" new"#,
            r#"$l1 @ben:example.org Plain "Tschüss" new"#,
            r#"left !group"#,
        ]
    );
    assert_eq!(
        batch.problems,
        [
            "joined room: id",
            "joined room: not an object",
            "m.room.message: no event id",
            "event: not an object with a type",
            "event: not an object with a type",
            "m.reaction: no target",
            "m.room.message: no sender",
        ]
    );
}

#[test]
fn a_time_from_the_future_is_not_believed() {
    let (mut rooms, _) = first();
    let batch = absorb(&mut rooms, fixture!("incremental_sync.json"), Some("s1"), 0);
    let times = batch.events.iter().filter_map(|event| match event {
        model::remote::RemoteEvent::Message(message) => Some(message.sent_at),
        _ => None,
    });
    assert_eq!(times.max(), Some(NOW));
}

#[test]
fn told_twice_without_being_stored_a_sync_tells_everything_again() {
    let (mut rooms, _) = first();
    let text = fixture!("incremental_sync.json");
    let told = absorb(&mut rooms, text, Some("s1"), 5).events;
    let news: Sync<'_> = parse(text.as_bytes()).unwrap();
    let touched = rooms.absorb(&news, false, false);
    let again = sync(&rooms, &news, &touched, Moment { now: NOW, since: Some("s1"), order: 5 }).events;
    assert_eq!(told, again);
}

#[test]
fn a_page_of_history_is_told_oldest_first_in_an_order_below_what_is_known() {
    let (rooms, _) = first();
    let answer: Page<'_> = parse(fixture!("messages_page.json").as_bytes()).unwrap();
    let batch = page(&rooms, "!native", &answer, NOW, 0);
    let lines: Vec<String> = batch.events.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            r#"contact @otto:example.org Some("Otto") Some("@otto:example.org") "#,
            r#"$h1 @otto:example.org Plain "erstens""#,
            r#"❤️ on $h1 by @anna:example.org as $hr"#,
            r#"$h2 @anna:example.org Plain "zweitens""#,
            r#"$h3 @anna:example.org Plain "drittens""#,
        ]
    );
    let orders: Vec<i64> = batch
        .events
        .iter()
        .filter_map(|event| match event {
            model::remote::RemoteEvent::Message(message) => Some(message.order),
            _ => None,
        })
        .collect();
    assert_eq!((orders, batch.order), (vec![-5, -2, -1], -5));
    assert_eq!(batch.problems, ["event: not an object with a type"]);
}

#[test]
fn a_room_not_heard_of_since_the_restart_is_asked_for_its_state_once() {
    let mut rooms = Rooms::new(ME, []);
    let news: Sync<'_> = parse(fixture!("incremental_sync.json").as_bytes()).unwrap();
    rooms.absorb(&news, false, false);
    assert_eq!(rooms.lacking(&news), ["!named", "!native"]);
    rooms.absorb_state("!native", &[]);
    assert_eq!(rooms.lacking(&news), ["!named"]);
    rooms.give_up("!named");
    assert_eq!(rooms.lacking(&news), Vec::<String>::new());
}

#[test]
fn an_invitation_by_a_bridges_bot_is_shown_if_it_names_a_customer_and_not_if_it_takes_orders() {
    let invite = |name: &str| {
        format!(
            r#"{{"next_batch":"s","rooms":{{"invite":{{"!i":{{"invite_state":{{"events":[{name}
            {{"type":"m.room.member","state_key":"{ME}","sender":"@instagrambot:example.org","content":{{"membership":"invite","is_direct":true}}}},
            {{"type":"m.room.member","state_key":"@instagrambot:example.org","sender":"@instagrambot:example.org","content":{{"membership":"join"}}}}
            ]}}}}}}}}}}"#
        )
    };
    let name = r#"{"type":"m.room.name","state_key":"","sender":"@instagrambot:example.org","content":{"name":"Ada"}},"#;
    let shown = |text: &str| absorb(&mut Rooms::new(ME, []), text, Some("s0"), 0).events.len();
    assert_eq!((shown(&invite(name)), shown(&invite(""))), (2, 0));
}

#[test]
fn leaving_ends_a_conversation_and_entering_again_forgets_who_left_meanwhile() {
    let (mut rooms, _) = first();
    let leave = r#"{"next_batch":"s2","rooms":{"leave":{"!named":{},"!orders":{},"!never-heard-of":{}}}}"#;
    let batch = absorb(&mut rooms, leave, Some("s1"), 0);
    assert_eq!(batch.events.iter().map(line).collect::<Vec<_>>(), ["left !named", "left !never-heard-of"]);
    let enter = format!(
        r#"{{"next_batch":"s3","rooms":{{"join":{{"!named":{{"timeline":{{"limited":true,"prev_batch":"t9","events":[]}},
        "summary":{{"m.joined_member_count":2}},"state":{{"events":[
        {{"type":"m.room.create","state_key":"","sender":"@anna:example.org","content":{{}}}},
        {{"type":"m.room.member","state_key":"{ME}","sender":"{ME}","content":{{"membership":"join"}}}},
        {{"type":"m.room.member","state_key":"@ben:example.org","sender":"@ben:example.org","content":{{"membership":"join","displayname":"Ben"}}}}
        ]}}}}}}}}}}"#
    );
    let batch = absorb(&mut rooms, &enter, Some("s2"), 0);
    assert_eq!(
        batch.events.iter().map(line).collect::<Vec<_>>(),
        [
            r#"contact @ben:example.org Some("Ben") Some("@ben:example.org") "#,
            r#"conversation !named Some(Direct) None with @ben:example.org on - encrypted"#,
            r#"gap !named {"from":"t9","to":null,"order":1000000} hole=false"#,
        ]
    );
}
