//! What customers do arrives once, in order, and as what it is.

use crate::support::{BRAND, Office, assert_golden};
use sandbox::{Attachment, Match, Media, Mishap};
use serde_json::{Value, json};

#[tokio::test(start_paused = true)]
async fn a_message_is_on_screen_within_two_seconds_of_its_arrival() {
    let office = Office::with_matrix(1).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    matrix.write(&room, &ada, "Hallo, ist das Zelt noch da? ⛺");
    office.pass(2).await;
    let conversation = office.conversation("Ada Becker").await;
    assert_eq!(office.texts(conversation).await, ["Hallo, ist das Zelt noch da? ⛺"]);
    assert_eq!(office.head(conversation).await.unread_count, 1);
}

#[tokio::test(start_paused = true)]
async fn a_conversation_with_everything_in_it_reads_as_people_meant_it() {
    let office = Office::with_matrix(2).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    let first = matrix.write(&room, &ada, "Is the blue one in stock?");
    matrix.edit(&room, &ada, &first, "Is the green one in stock?");
    matrix.edit(&room, BRAND, &first, "A foreign edit must not count");
    let photo = Media::of("tent.png", "image/png", vec![0x89, b'P', b'N', b'G']);
    matrix.send_media(&room, &ada, photo, Some("This one"));
    let answer = matrix.write(&room, BRAND, "Yes, it is.");
    office.pass(1).await;
    matrix.react(&room, &ada, &answer, "👍");
    let taken_back = matrix.react(&room, &ada, &answer, "🎉");
    matrix.redact(&room, &ada, &taken_back);
    matrix.reply(&room, &ada, &answer, "Great, I take two");
    let gone = matrix.write(&room, &ada, "my card number is …");
    matrix.redact(&room, &ada, &gone);
    matrix.notice(&room, &ada, "An automatic notice");
    office.settle().await;
    assert_golden(&office, office.conversation("Ada Becker").await, "matrix_everything").await;
}

#[tokio::test(start_paused = true)]
async fn what_was_said_while_we_were_away_is_filled_in_without_a_gap() {
    let office = Office::with_matrix(3).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    matrix.write(&room, &ada, "before");
    office.settle().await;
    office.world.arrange(Match::any(), Mishap::Refuse, 40);
    office.pass(60).await;
    let said: Vec<String> = (0..150).map(|number| format!("number {number}")).collect();
    for text in &said {
        matrix.write(&room, &ada, text);
    }
    office.world.arrange_nothing();
    office.pass(180).await;
    let conversation = office.conversation("Ada Becker").await;
    let texts = office.texts(conversation).await;
    assert_eq!(texts[0], "before");
    assert_eq!(texts[1..], said[..]);
}

#[tokio::test(start_paused = true)]
async fn a_bridged_room_carries_its_network_and_an_invitation_is_a_request() {
    let office = Office::with_matrix(4).await;
    let matrix = office.matrix();
    let eve = matrix.create_user("eve", "pw", "Eve Stranger");
    matrix.invitation(BRAND, &eve);
    office.settle().await;
    let rows = office.inbox("all").await;
    let request = rows.iter().find(|row| row.title == "Eve Stranger").unwrap();
    assert_eq!(request.kind, model::conversation::ConversationKind::Request);
    office.reply(request.id, "Welcome").await;
    office.pass(8).await;
    let room = &matrix.rooms_of(&eve, "join")[0];
    assert_eq!(matrix.membership(room, BRAND), "join", "answering accepts");
    assert_eq!(matrix.count_text(room, "Welcome"), 1);
}

#[tokio::test(start_paused = true)]
async fn an_encrypted_conversation_is_shown_as_such_and_takes_no_plain_text() {
    let office = Office::with_matrix(5).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    matrix.encrypt(&room, &ada);
    matrix.write_encrypted(&room, &ada);
    office.settle().await;
    let conversation = office.conversation("Ada Becker").await;
    assert_eq!(office.messages(conversation).await[0].kind, model::message::MessageKind::Encrypted);
    assert_eq!(office.reply_refused(conversation, "leak").await, api::ErrorCode::Encrypted);
    assert_eq!(matrix.count_text(&room, "leak"), 0);
}

#[tokio::test(start_paused = true)]
async fn reading_here_is_told_privately_unless_the_owner_wants_it_shown() {
    let office = Office::with_matrix(6).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    let first = matrix.write(&room, &ada, "one");
    office.settle().await;
    let conversation = office.conversation("Ada Becker").await;
    office.act("mark_read", conversation).await;
    office.pass(70).await;
    assert_eq!(matrix.read_mark(&room, BRAND, true), Some(first), "the private mark clears other devices");
    assert_eq!(matrix.read_mark(&room, BRAND, false), None, "the customer sees nothing");
    let account = office.accounts().await[0].id;
    let settings = json!({ "account": account, "settings": { "sendsReadReceipts": true, "notifies": true } });
    let _: Value = office.call("account_set", settings).await;
    let second = matrix.write(&room, &ada, "two");
    office.settle().await;
    office.act("mark_read", conversation).await;
    office.pass(70).await;
    assert_eq!(matrix.read_mark(&room, BRAND, false), Some(second));
}

#[tokio::test(start_paused = true)]
async fn broken_and_huge_answers_lose_nothing_and_stop_nobody() {
    let office = Office::with_matrix(7).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    for mishap in [
        Mishap::Html { status: 502 },
        Mishap::Empty { status: 500 },
        Mishap::AcceptThenCut,
        Mishap::AcceptThenHuge { bytes: 300 << 20 },
        Mishap::AcceptThenDeep { levels: 5000 },
    ] {
        office.world.arrange(Match::any().path("/sync"), mishap, 1);
        office.pass(40).await;
    }
    matrix.write(&room, &ada, "still there?");
    office.pass(120).await;
    let conversation = office.conversation("Ada Becker").await;
    assert_eq!(office.texts(conversation).await, ["still there?"]);
}

#[tokio::test(start_paused = true)]
async fn undo_takes_back_what_somebody_did_and_not_what_was_read_by_looking() {
    let office = Office::with_matrix(93).await;
    let matrix = office.matrix();
    let mut conversations = Vec::new();
    for name in ["Ada", "Ben"] {
        let user = matrix.create_user(&name.to_lowercase(), "pw", name);
        let room = matrix.direct_room(BRAND, &user);
        matrix.write(&room, &user, "hello");
        office.settle().await;
        conversations.push(office.conversation(name).await);
    }
    let unread = async |at: usize| office.head(conversations[at]).await.unread_count;
    office.act("mark_read", conversations[0]).await;
    let looked = office.act("see", conversations[1]).await;
    assert_eq!((unread(0).await, unread(1).await, looked.action), (0, 0, None));
    let _: serde_json::Value = office.call("inbox_undo", serde_json::json!({ "action": null })).await;
    assert_eq!((unread(0).await, unread(1).await), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn undo_puts_the_read_mark_back_where_it_was() {
    let office = Office::with_matrix(8).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    matrix.write(&room, &ada, "one");
    office.settle().await;
    let conversation = office.conversation("Ada Becker").await;
    office.act("mark_read", conversation).await;
    assert_eq!(office.head(conversation).await.unread_count, 0);
    let _: Value = office.call("inbox_undo", json!({ "action": null })).await;
    assert_eq!(office.head(conversation).await.unread_count, 1);
    office.act("mark_unread", conversation).await;
    assert!(office.head(conversation).await.is_marked_unread);
}

#[tokio::test(start_paused = true)]
async fn a_hole_is_filled_and_no_more_than_that() {
    let office = Office::open(9).await;
    let messenger = office.messenger();
    let (app, secret) = messenger.create_app("Shop inbox", &[]);
    let user = messenger.create_user("Owner");
    let page = messenger.create_page(&user, "Shop", "Retail");
    let customer = messenger.create_customer(&page, "Ben", "Okafor");
    let said = |from: i64, to: i64| (from..to).map(|number| format!("number {number}")).collect::<Vec<_>>();
    for text in said(0, 600) {
        messenger.write(&customer, &text);
    }
    office.connect_page(&messenger.page_token(&app, &user, &page), &secret).await;
    office.pass(300).await;
    let conversation = office.conversation("Ben Okafor").await;
    let stored = office.texts(conversation).await.len();
    office.world.arrange(Match::any(), Mishap::Refuse, 400);
    office.pass(60).await;
    for text in said(600, 700) {
        messenger.write(&customer, &text);
    }
    office.world.arrange_nothing();
    let before = office.world.requests().len();
    office.pass(300).await;
    let texts = office.texts(conversation).await;
    assert_eq!(texts[texts.len() - 100..], said(600, 700)[..], "{stored} were here before");
    let paged =
        office.world.requests().split_off(before).into_iter().filter(|asked| asked.query.contains("after="));
    assert!(paged.count() < 30, "the whole history was not read again");
}

#[tokio::test(start_paused = true)]
async fn every_kind_that_messenger_hands_out_reads_as_what_it_is() {
    let office = Office::open(10).await;
    let messenger = office.messenger();
    let (app, secret) = messenger.create_app("Shop inbox", &[]);
    let user = messenger.create_user("Owner");
    let page = messenger.create_page(&user, "Shop", "Retail");
    let ben = messenger.create_customer(&page, "Ben", "Okafor");
    let first = messenger.write(&ben, "Do you ship to Graz?");
    let answer = messenger.write_as_page(&ben, "Yes, from Thursday on.");
    messenger.reply(&ben, &answer, "Wonderful");
    messenger.react(&ben, &answer, Some("love"));
    let link = || "https://shop.example/lamp".to_owned();
    for what in [
        Attachment::Image(Media::picture("lamp.png", 1)),
        Attachment::Audio(Media::sound("note.wav")),
        Attachment::File(Media::pdf("invoice.pdf", "Invoice")),
        Attachment::Sticker(Media::picture("thumb.png", 2)),
        Attachment::Share { link: link(), name: "A lamp".into() },
        Attachment::Template { title: "Order 17".into(), subtitle: "Two lamps".into(), link: link() },
        Attachment::EmptyTemplate,
        Attachment::Story(Media::picture("story.png", 3)),
        Attachment::StoryMention(Media::picture("mention.png", 4)),
        Attachment::Unsupported,
        Attachment::Unavailable { name: "This media is not available in your region".into() },
    ] {
        office.pass(1).await;
        messenger.send(&ben, what, None);
    }
    messenger.edit(&first, "Do you ship to Graz or Linz?");
    office.connect_page(&messenger.page_token(&app, &user, &page), &secret).await;
    office.pass(120).await;
    assert_golden(&office, office.conversation("Ben Okafor").await, "messenger_everything").await;
}

#[tokio::test(start_paused = true)]
async fn history_of_a_broken_room_holds_up_no_other() {
    let office = Office::open(11).await;
    let matrix = office.matrix();
    matrix.create_user("brand", "secret-brand", "Brand");
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let bob = matrix.create_user("bob", "pw", "Bob");
    let (fine, broken) = (matrix.direct_room(BRAND, &ada), matrix.direct_room(BRAND, &bob));
    for number in 0..80 {
        matrix.write(&fine, &ada, &format!("ada {number}"));
        matrix.write(&broken, &bob, &format!("bob {number}"));
    }
    let part = broken.trim_start_matches('!').split(':').next().unwrap().to_owned();
    // The brand has just been in this room: its history comes first.
    matrix.write(&broken, &bob, "newest");
    let history = Match::any().path(&part).query("dir=b");
    office.world.arrange(history, Mishap::Html { status: 500 }, 10_000);
    office.connect_matrix("brand", "secret-brand").await;
    office.pass(60).await;
    assert_eq!(office.texts(office.conversation("Ada Becker").await).await.len(), 80);
    let of_bob = office.conversation("Bob").await;
    let begin = office.texts(of_bob).await.len();
    office.world.arrange_nothing();
    let _: Value = office.call("conversation_history", json!({ "conversation": of_bob })).await;
    office.pass(5).await;
    assert!(
        office.texts(of_bob).await.len() > begin,
        "a person who scrolls up does not wait for the next try"
    );
}

#[tokio::test(start_paused = true)]
async fn a_picture_unsent_while_it_was_on_its_way_is_not_kept() {
    let office = Office::with_matrix(12).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    let message = matrix.send_media(&room, &ada, Media::picture("tent.png", 1), None);
    office.settle().await;
    let conversation = office.conversation("Ada Becker").await;
    let media = office.messages(conversation).await[0].attachments[0].media.clone().unwrap();
    let kept = || {
        let files = std::fs::read_dir(office.dir.path().join("profile/media"));
        files.map_or(0, |files| files.count())
    };
    office.world.arrange(Match::any().path("/media/"), Mishap::Delay { by_ms: 10_000 }, 1);
    let (shown, ()) = tokio::join!(office.app.media(media.as_str(), true), async {
        office.pass(3).await;
        matrix.redact(&room, &ada, &message);
    });
    assert!(shown.is_none());
    assert_eq!(kept(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_read_mark_that_could_not_be_told_is_told_when_there_is_a_way_again() {
    let office = Office::with_matrix(13).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    let written = matrix.write(&room, &ada, "one");
    office.settle().await;
    office.world.arrange(Match::any().path("/read_markers"), Mishap::Refuse, 2);
    office.act("mark_read", office.conversation("Ada Becker").await).await;
    office.pass(120).await;
    assert_eq!(matrix.read_mark(&room, BRAND, true), Some(written), "though nothing else has happened here");
}

#[tokio::test(start_paused = true)]
async fn after_a_night_asleep_what_was_written_is_on_screen_within_two_seconds() {
    let office = Office::with_matrix(14).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    // The poll after this message waits on a connection whose other end will have forgotten it.
    let dead = Mishap::BreakBefore { after_ms: 60_000, kind: std::io::ErrorKind::TimedOut };
    office.world.arrange(Match::any().path("/sync"), dead, 1);
    matrix.write(&room, &ada, "Good night");
    office.settle().await;
    office.sleep(std::time::Duration::from_secs(8 * 3600));
    matrix.write(&room, &ada, "Good morning");
    office.pass(2).await;
    let conversation = office.conversation("Ada Becker").await;
    assert_eq!(office.texts(conversation).await, ["Good night", "Good morning"]);
}
