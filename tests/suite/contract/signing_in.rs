use super::everywhere;
use connect::Certainty;
use connect::login::LoginProblem;
use sandbox::{Match, Mishap};

#[tokio::test(start_paused = true)]
async fn a_wrong_secret_signs_nobody_in_and_says_what_was_wrong() {
    everywhere(async |stage| {
        let failure = stage.sign_in(false).await.expect_err("a wrong secret");
        assert!(
            matches!(failure.problem, LoginProblem::WrongPassword | LoginProblem::TokenInvalid),
            "{:?}",
            failure.problem
        );
        for (_, secret) in stage
            .scene
            .typed(false)
            .iter()
            .chain(&stage.scene.typed(true))
            .filter(|(name, _)| *name != "user")
        {
            assert!(!failure.to_string().contains(secret.as_str()), "a secret or an address is in {failure}");
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_right_secret_gives_accounts_that_open_after_a_restart() {
    everywhere(async |stage| {
        let accounts = stage.sign_in(true).await.unwrap();
        assert_eq!(accounts.len(), 1);
        assert!(!accounts[0].remote_id.as_str().is_empty() && !accounts[0].name.is_empty());
        assert!(!accounts[0].secrets.is_empty());
        let kept = &accounts[0].config;
        for (name, secret) in stage.scene.typed(true) {
            let is_secret = !matches!(name, "server" | "user");
            assert!(
                !is_secret || !kept.contains(&secret),
                "{name} lies in the config, which is no place for secrets"
            );
        }
        stage.open().await.pull(None, std::time::Duration::ZERO).await.expect("a fresh session reads");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_network_that_wants_something_first_is_said_to_and_afterwards_the_same_words_sign_in() {
    everywhere(async |stage| {
        for (mishap, expected) in [
            (Mishap::Html { status: 200 }, LoginProblem::PageInBetween),
            (Mishap::Html { status: 511 }, LoginProblem::PageInBetween),
            (Mishap::Html { status: 407 }, LoginProblem::ProxyInBetween),
        ] {
            // At the beginning, and at every later call of the sign-in.
            for calls in 0..8 {
                stage.world.arrange_nothing();
                stage.world.arrange(Match::any(), Mishap::Delay { by_ms: 0 }, calls);
                stage.world.arrange(Match::any(), mishap.clone(), 100);
                let Err(failure) = stage.sign_in(true).await else { break };
                // Where nobody has been before it may as well be a website.
                let is_told = failure.problem == expected
                    || (failure.problem == LoginProblem::PageAtAddress && calls < 3);
                assert!(is_told, "{mishap:?} after {calls} calls: {:?}", failure.problem);
            }
            stage.world.arrange_nothing();
        }
        stage.sign_in(true).await.expect("when it is out of the way");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_platform_out_of_reach_is_told_apart_from_a_wrong_secret() {
    everywhere(async |stage| {
        for mishap in [Mishap::Refuse, Mishap::Html { status: 502 }] {
            stage.world.arrange(Match::any(), mishap.clone(), 100);
            let failure = stage.sign_in(true).await.expect_err("nothing answers");
            let is_told =
                matches!(failure.problem, LoginProblem::Unreachable | LoginProblem::NotThisPlatform);
            assert!(is_told, "{mishap:?}: {:?}", failure.problem);
            assert!(mishap != Mishap::Refuse || failure.fault.certainty == Certainty::NotDone);
            stage.world.arrange_nothing();
        }
        stage.sign_in(true).await.expect("when it answers again, the same words sign in");
    })
    .await;
}
