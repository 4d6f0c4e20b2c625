use super::everywhere;
use super::stage::{messages, news};
use connect::{Certainty, FaultKind};
use model::remote::RemoteOp;
use sandbox::Media;

/// Every byte there is, several times: nothing on the way may change one.
fn bytes() -> Vec<u8> {
    (0..70_000_u32).map(|number| (number * 31 % 256) as u8).collect()
}

#[tokio::test(start_paused = true)]
async fn a_file_goes_out_byte_for_byte_as_one_message() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.write(&ada, "Could you send the list?").await;
        let session = stage.open().await;
        let reply = stage.reply_with_file(&ada, "Preise \"neu\" ä.pdf", "application/pdf", &bytes());
        let receipt = session.perform(&RemoteOp::Send(reply)).await.unwrap();
        assert!(receipt.remote_id.is_some());
        assert_eq!(stage.scene.said_to(&ada).len(), 1);
        assert!(stage.scene.file_sent_to(&ada).is_some_and(|there| there == bytes()), "the bytes differ");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_file_comes_in_byte_for_byte_and_not_beyond_its_cap() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.scene.send_file(&ada, Media::of("Vertrag.pdf", "application/pdf", bytes()));
        stage.pass(2).await;
        let session = stage.open().await;
        let (events, _) = news(session.as_ref(), None).await.unwrap();
        let file = &messages(&events)[0].attachments[0];
        assert_eq!((file.name.as_str(), file.mime.as_str()), ("Vertrag.pdf", "application/pdf"));
        let media = file.media.clone().expect("it can be fetched");
        assert!(
            !media.source.contains("secret") && !media.source.contains("token"),
            "a kept address holds no secret"
        );
        let (fetched, _) = session.fetch(&media, 70_000).await.unwrap();
        assert!(fetched == bytes(), "the bytes differ");
        let fault = session.fetch(&media, 69_999).await.expect_err("one byte too many");
        assert_eq!((fault.kind, fault.certainty), (FaultKind::Malformed, Certainty::NotDone));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_address_that_is_none_of_its_own_is_a_definite_no() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.scene.send_file(&ada, Media::of("a.pdf", "application/pdf", bytes()));
        stage.pass(2).await;
        let session = stage.open().await;
        let (events, _) = news(session.as_ref(), None).await.unwrap();
        let mut media = messages(&events)[0].attachments[0].media.clone().unwrap();
        media.source = "no address of this connector".into();
        let fault = session.fetch(&media, 1 << 20).await.expect_err("nothing is there");
        assert_eq!(fault.certainty, Certainty::NotDone);
        let is_final =
            matches!(fault.kind, FaultKind::Malformed | FaultKind::Refused(_) | FaultKind::Unsupported);
        assert!(is_final, "asking again would bring the same: {fault}");
    })
    .await;
}
