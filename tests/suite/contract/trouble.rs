use super::everywhere;
use super::stage::news;
use connect::{Certainty, FaultKind};
use model::account::Barrier;
use model::remote::RemoteOp;
use sandbox::{Mishap, RetryAfter};
use std::io::ErrorKind;
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn a_throttle_is_a_definite_no_with_a_sane_time_to_come_back() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.write(&ada, "Hello?").await;
        for (retry, least_s) in [
            (RetryAfter::Seconds(7), 7),
            (RetryAfter::Date { in_ms: 40_000 }, 1),
            (RetryAfter::Absurd, 1),
            (RetryAfter::Nonsense, 1),
            (RetryAfter::Absent, 1),
        ] {
            let is_stated = retry == RetryAfter::Seconds(7);
            for is_send in [false, true] {
                let session = stage.open().await;
                let at = if is_send { stage.scene.sending() } else { stage.scene.pulling() };
                stage.world.arrange(at, Mishap::Throttle(retry.clone()), 1);
                let fault = if is_send {
                    session.perform(&RemoteOp::Send(stage.reply(&ada, "later"))).await.expect_err("throttled")
                } else {
                    session.pull(None, Duration::ZERO).await.expect_err("throttled")
                };
                assert_eq!(
                    (fault.kind, fault.certainty),
                    (FaultKind::Throttled, Certainty::NotDone),
                    "{retry:?}"
                );
                let range = Duration::from_secs(least_s)..=Duration::from_secs(3600);
                assert!(
                    fault.retry_after.is_none_or(|wait| range.contains(&wait)),
                    "{retry:?}: {:?}",
                    fault.retry_after
                );
                assert!(!is_stated || fault.retry_after.is_some(), "what the platform says is heard");
                stage.pass(4000).await; // Whatever pause was asked for is over.
            }
        }
        assert_eq!(stage.scene.said_to(&ada), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_revoked_sign_in_says_sign_in_again_whatever_is_asked() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.write(&ada, "Hello?").await;
        let session = stage.open().await;
        let (_, cursor) = news(session.as_ref(), None).await.unwrap();
        stage.scene.revoke();
        let reply = stage.reply(&ada, "never");
        let faults = [
            session.pull(cursor.as_deref(), Duration::ZERO).await.err(),
            session.history(&ada.conversation, None).await.err(),
            session.perform(&RemoteOp::Send(reply.clone())).await.err(),
            session.find_sent(&reply, &[]).await.err(),
        ];
        for (what, fault) in ["pull", "history", "perform", "find_sent"].into_iter().zip(faults) {
            let fault = fault.unwrap_or_else(|| panic!("{what} works without a sign-in"));
            assert_eq!((fault.kind, fault.certainty), (FaultKind::SignInAgain, Certainty::NotDone), "{what}");
        }
        assert_eq!(stage.scene.said_to(&ada), Vec::<String>::new());
        session.sign_out().await.expect("nothing is left to end");
    })
    .await;
}

/// What a read meets, and what it must then say.
fn broken_reads() -> [(Mishap, FaultKind); 10] {
    use FaultKind::{Intercepted, Malformed, Unavailable};
    [
        (Mishap::Refuse, Unavailable),
        (Mishap::BreakBefore { after_ms: 50, kind: ErrorKind::UnexpectedEof }, Unavailable),
        (Mishap::Html { status: 502 }, Unavailable),
        (Mishap::Empty { status: 500 }, Unavailable),
        (Mishap::AcceptThenCut, Malformed),
        (Mishap::AcceptThenBody(String::new()), Malformed),
        (
            Mishap::AcceptThenBody("<html>Please sign in to the hotel</html>".into()),
            Intercepted(Barrier::Page),
        ),
        (Mishap::Html { status: 407 }, Intercepted(Barrier::Proxy)),
        (Mishap::AcceptThenHuge { bytes: 300 << 20 }, Malformed),
        (Mishap::AcceptThenDeep { levels: 100_000 }, Malformed),
    ]
}

#[tokio::test(start_paused = true)]
async fn broken_huge_and_hostile_answers_to_a_read_are_faults_and_the_next_one_works() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.write(&ada, "still here").await;
        for (mishap, kind) in broken_reads() {
            let session = stage.open().await;
            let what = format!("{mishap:?}");
            stage.world.arrange(stage.scene.pulling(), mishap, 1);
            let fault = session.pull(None, Duration::ZERO).await.expect_err(&what);
            // What is no JSON at all comes from somebody in between: as good as nobody there.
            let is_told =
                fault.kind == kind || (what.contains("Body") && fault.kind == FaultKind::Unavailable);
            assert!(is_told && fault.certainty == Certainty::NotDone, "{what}: {fault}");
            assert!(
                fault.detail.len() < 300 && !fault.detail.contains("hotel"),
                "shapes, never content: {}",
                fault.detail
            );
            let (events, _) = news(session.as_ref(), None).await.unwrap();
            assert_eq!(super::stage::messages(&events).len(), 1, "{what}");
        }
    })
    .await;
}

/// What a send meets that the platform did not take, and whether that is certain.
fn sends_not_taken() -> [(Mishap, FaultKind, Certainty); 7] {
    use Certainty::{NotDone, Unknown};
    use FaultKind::{Intercepted, Unavailable};
    [
        (Mishap::Refuse, Unavailable, NotDone),
        (Mishap::BreakBefore { after_ms: 50, kind: ErrorKind::ConnectionReset }, Unavailable, Unknown),
        (Mishap::BreakBefore { after_ms: 50, kind: ErrorKind::TimedOut }, Unavailable, Unknown),
        (Mishap::Html { status: 502 }, Unavailable, Unknown),
        (Mishap::Empty { status: 500 }, Unavailable, Unknown),
        // A success that is not the platform's is none.
        (Mishap::Html { status: 200 }, Intercepted(Barrier::Page), Unknown),
        (Mishap::Html { status: 407 }, Intercepted(Barrier::Proxy), NotDone),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_failed_send_says_whether_it_may_have_happened_and_is_never_repeated_inside() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.write(&ada, "Hello?").await;
        let session = stage.open().await;
        for (mishap, kind, certainty) in sends_not_taken() {
            let before = stage.writes();
            stage.world.arrange(stage.scene.sending(), mishap.clone(), 1);
            let fault =
                session.perform(&RemoteOp::Send(stage.reply(&ada, "no"))).await.expect_err("it failed");
            assert_eq!((fault.certainty, fault.kind), (certainty, kind), "{mishap:?}");
            assert_eq!(stage.writes() - before, 1, "{mishap:?}: one effect is one request");
            stage.pass(30).await;
        }
        assert_eq!(stage.scene.said_to(&ada), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_accepted_send_with_an_unreadable_answer_is_never_called_not_done() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.write(&ada, "Hello?").await;
        let session = stage.open().await;
        let mishaps = [
            Mishap::AcceptThenCut,
            Mishap::AcceptThenBody(String::new()),
            Mishap::AcceptThenBody("[1,2".into()),
            Mishap::AcceptThenDeep { levels: 100_000 },
            Mishap::AcceptThenHuge { bytes: 2 << 20 },
        ];
        for (number, mishap) in mishaps.into_iter().enumerate() {
            let (before, text) = (stage.writes(), format!("reply {number}"));
            stage.world.arrange(stage.scene.sending(), mishap.clone(), 1);
            let reply = stage.reply(&ada, &text);
            match session.perform(&RemoteOp::Send(reply.clone())).await {
                Ok(receipt) => assert_eq!(receipt.remote_id, None, "{mishap:?}"),
                Err(fault) => assert_eq!(fault.certainty, Certainty::Unknown, "{mishap:?}: {fault}"),
            }
            assert_eq!(stage.writes() - before, 1, "{mishap:?}");
            assert_eq!(stage.scene.said_to(&ada).last(), Some(&text));
            stage.pass(3).await;
            assert!(session.find_sent(&reply, &[]).await.unwrap().is_some(), "{mishap:?}");
            stage.pass(30).await;
        }
        assert_eq!(stage.scene.said_to(&ada).len(), 5);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_position_that_makes_no_sense_is_lost_and_starting_over_works() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.write(&ada, "Hello?").await;
        let session = stage.open().await;
        for nonsense in ["", "{}x", "\u{0}", "[[[[", "☃"] {
            let fault = session.pull(Some(nonsense), Duration::ZERO).await.expect_err("no position of ours");
            assert_eq!(
                (fault.kind, fault.certainty),
                (FaultKind::CursorLost, Certainty::NotDone),
                "{nonsense:?}"
            );
            assert!(session.history(&ada.conversation, Some(nonsense)).await.is_err(), "{nonsense:?}");
        }
        let (events, _) = news(session.as_ref(), None).await.unwrap();
        assert_eq!(super::stage::messages(&events).len(), 1);
    })
    .await;
}
