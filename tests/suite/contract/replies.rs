use super::everywhere;
use super::stage::{messages, news};
use connect::{Certainty, FaultKind};
use model::remote::{Author, RemoteOp};
use sandbox::Mishap;
use std::io::ErrorKind;

#[tokio::test(start_paused = true)]
async fn a_reply_is_one_copy_with_an_id_that_a_later_pull_tells_again() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.write(&ada, "Is it open?").await;
        let session = stage.open().await;
        let (_, cursor) = news(session.as_ref(), None).await.unwrap();
        let before = stage.writes();
        let reply = stage.reply(&ada, "Yes — bis 18 Uhr 🙂\nsee you");
        let receipt = session.perform(&RemoteOp::Send(reply.clone())).await.unwrap();
        assert_eq!(stage.writes() - before, 1, "one effect is one request");
        assert_eq!(stage.scene.said_to(&ada), ["Yes — bis 18 Uhr 🙂\nsee you"]);
        stage.pass(3).await;
        let (events, _) = news(session.as_ref(), cursor).await.unwrap();
        let ours: Vec<_> =
            messages(&events).into_iter().filter(|message| message.author == Author::Us).collect();
        assert_eq!(ours.len(), 1);
        assert_eq!(Some(&ours[0].remote_id), receipt.remote_id.as_ref());
        assert_eq!(ours[0].body, reply.body);
        assert_eq!(ours[0].op_id, stage.scene.gives_op_ids_back().then_some(reply.op_id));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_reply_whose_answer_was_lost_is_found_by_reading() {
    everywhere(async |stage| {
        for mishap in [
            Mishap::LoseAnswer { kind: ErrorKind::ConnectionReset },
            Mishap::LoseAnswer { kind: ErrorKind::TimedOut },
            Mishap::AcceptLate { accept_after_ms: 2_000, give_up_after_ms: 500 },
        ] {
            let ada = stage.scene.customer(&format!("Ada{}", stage.now_ms()));
            stage.write(&ada, "Hello?").await;
            let session = stage.open().await;
            let reply = stage.reply(&ada, "Found again");
            stage.world.arrange(stage.scene.sending(), mishap.clone(), 1);
            let fault = session.perform(&RemoteOp::Send(reply.clone())).await.expect_err("no answer came");
            assert_eq!(
                (fault.certainty, fault.kind),
                (Certainty::Unknown, FaultKind::Unavailable),
                "{mishap:?}"
            );
            stage.pass(5).await;
            let before = stage.writes();
            let found = session.find_sent(&reply, &[]).await.unwrap();
            assert!(found.is_some(), "{mishap:?}");
            assert_eq!(stage.writes(), before, "looking is only reading");
            assert_eq!(stage.scene.said_to(&ada), ["Found again"], "{mishap:?}");
            stage.pass(20).await;
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_never_arrived_is_not_found() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.write(&ada, "never arrived").await; // The customer's own words are not our reply.
        let session = stage.open().await;
        let reply = stage.reply(&ada, "never arrived");
        stage.world.arrange(
            stage.scene.sending(),
            Mishap::BreakBefore { after_ms: 100, kind: ErrorKind::ConnectionReset },
            1,
        );
        let fault = session.perform(&RemoteOp::Send(reply.clone())).await.expect_err("it broke");
        assert_eq!(fault.certainty, Certainty::Unknown);
        stage.pass(5).await;
        assert_eq!(session.find_sent(&reply, &[]).await.unwrap(), None);
        assert_eq!(stage.scene.said_to(&ada), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_same_text_twice_on_purpose_is_two_messages_and_each_is_found_as_itself() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.write(&ada, "Hello?").await;
        let session = stage.open().await;
        let (first, second) = (stage.reply(&ada, "Thanks"), stage.reply(&ada, "Thanks"));
        let sent = session.perform(&RemoteOp::Send(first.clone())).await.unwrap().remote_id.unwrap();
        stage.pass(2).await;
        stage.world.arrange(stage.scene.sending(), Mishap::LoseAnswer { kind: ErrorKind::TimedOut }, 1);
        session.perform(&RemoteOp::Send(second.clone())).await.expect_err("the answer is lost");
        stage.pass(2).await;
        let found = session.find_sent(&second, std::slice::from_ref(&sent)).await.unwrap();
        assert!(found.as_ref().is_some_and(|found| *found != sent), "{found:?}");
        assert_eq!(stage.scene.said_to(&ada), ["Thanks", "Thanks"]);
        stage.world.arrange(
            stage.scene.sending(),
            Mishap::BreakBefore { after_ms: 1, kind: ErrorKind::TimedOut },
            1,
        );
        let third = stage.reply(&ada, "Thanks");
        session.perform(&RemoteOp::Send(third.clone())).await.expect_err("never arrives");
        let taken = [sent, found.unwrap()];
        assert_eq!(session.find_sent(&third, &taken).await.unwrap(), None, "the other two are not this one");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_nobody_can_send_is_refused_by_the_platform_in_words_the_engine_knows() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.write(&ada, "Hello?").await;
        let session = stage.open().await;
        let most = stage.connector.descriptor().capabilities.max_text;
        let fits = stage.reply(&ada, &"ä".repeat(most));
        assert!(session.perform(&RemoteOp::Send(fits)).await.is_ok(), "the stated length is taken");
        let much = stage.reply(&ada, &"ä".repeat(most * 8));
        let fault = session.perform(&RemoteOp::Send(much)).await.expect_err("far too long");
        assert!(matches!(fault.kind, FaultKind::Refused(_)), "{fault}");
        assert_eq!(fault.certainty, Certainty::NotDone);
        assert_eq!(stage.scene.said_to(&ada).len(), 1);
    })
    .await;
}
