use super::everywhere;
use serde_json::Value;

#[tokio::test(start_paused = true)]
async fn what_a_platform_takes_is_stated_and_possible() {
    everywhere(async |stage| {
        let facts = stage.connector.descriptor();
        let takes = &facts.capabilities;
        assert!(takes.max_text > 0);
        let files =
            [takes.max_image_bytes, takes.max_video_bytes, takes.max_audio_bytes, takes.max_file_bytes];
        assert!(files.iter().all(|most| (1 << 20..=1 << 30).contains(most)), "{files:?}");
        assert!(takes.reply_window.is_none_or(|window| window.as_secs() >= 3600));
        assert!(!facts.login_methods.is_empty());
        let id = facts.id.as_str();
        assert!(!id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{id}");
        assert!(!facts.name.is_empty());
        let mut budget = stage.connector.budget(model::Timestamp(0));
        let soon = model::Timestamp(2_000);
        assert!(
            budget.take(connect::Effect::Write, soon).is_ok(),
            "the first call leaves within two seconds"
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn its_mark_is_a_small_drawing_that_can_do_nothing() {
    everywhere(async |stage| {
        let logo = stage.connector.descriptor().logo_svg;
        assert!(
            logo.trim_start().starts_with("<svg") && logo.trim_end().ends_with("</svg>") && logo.len() < 8192
        );
        assert!(logo.contains("viewBox=\"0 0 24 24\""), "{logo}");
        assert!(logo.contains("currentColor"), "it takes the colour of its place");
        let lower = logo.to_lowercase();
        for active in [
            "<script",
            " on",
            "href",
            "javascript:",
            "<foreignobject",
            "<style",
            "style=",
            "<image",
            "url(",
            "<!",
        ] {
            assert!(!lower.contains(active), "{active} in {logo}");
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn white_on_its_colour_can_be_read() {
    everywhere(async |stage| {
        let colour = stage.connector.descriptor().colour;
        let light = |at: usize| {
            let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        assert!(colour.len() == 7 && colour.starts_with('#'), "{colour}");
        let luminance = 0.2126 * light(1) + 0.7152 * light(3) + 0.0722 * light(5);
        let contrast = 1.05 / (luminance + 0.05);
        assert!(contrast >= 4.5, "white on {colour}: {contrast:.2} : 1");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn every_way_to_sign_in_has_words_in_both_languages() {
    everywhere(async |stage| {
        let facts = stage.connector.descriptor();
        for language in ["en", "de"] {
            let path = format!("{}/ui/src/i18n/{language}.json", env!("CARGO_MANIFEST_DIR"));
            let words: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            for method in &facts.login_methods {
                let found = &words["login"][facts.id.as_str()][method.id];
                assert!(!found.is_null(), "{language}: login.{}.{} has no words", facts.id, method.id);
            }
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_way_to_sign_in_that_it_does_not_have_is_refused() {
    everywhere(async |stage| assert!(stage.has_no_method("telepathy"))).await;
}
