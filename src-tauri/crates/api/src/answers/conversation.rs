//! One conversation: its head, its messages, its draft and files.

use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::show::{head, messages};
use crate::types::Nothing;
use crate::types::conversation::*;
use base64::Engine as _;
use model::draft::{Draft, DraftFile};
use store::Stretch;

pub async fn conversation_open(app: &App, which: ConversationRef) -> Result<ConversationView, ApiError> {
    let engine = app.engine()?;
    let (registry, now) = (app.0.registry.clone(), engine.platform_now());
    let head = engine.store().read_list(move |tx| head::read(tx, which.conversation, &registry, now)).await?;
    head.ok_or_else(|| ErrorCode::Gone.into())
}

pub async fn conversation_messages(app: &App, query: MessagesQuery) -> Result<MessagePage, ApiError> {
    let stretch = match (query.around, query.from, query.before) {
        (Some(message), None, None) => Stretch::Around(message),
        (None, Some(from), before) => Stretch::From { from: key_in(from), before: before.map(key_in) },
        (None, None, Some(before)) => Stretch::Before(key_in(before)),
        (None, None, None) => Stretch::Newest,
        (Some(_), _, _) => return Err(ErrorCode::BadCall.into()),
    };
    let limit = query.limit.clamp(1, 200);
    let engine = app.engine()?;
    let read = engine.store().read_list(move |tx| messages::read(tx, query.conversation, stretch, limit));
    let mut page = read.await?;
    for delivery in page.messages.iter_mut().filter_map(|message| message.delivery.as_mut()) {
        delivery.held_until = delivery.held_until.map(|at| engine.shown_at(at));
    }
    Ok(page)
}

pub async fn conversation_history(app: &App, which: ConversationRef) -> Result<Nothing, ApiError> {
    app.engine()?.want_history(which.conversation).await?;
    Ok(Nothing {})
}

pub async fn draft_save(app: &App, change: DraftChange) -> Result<Nothing, ApiError> {
    let engine = app.engine()?;
    let draft = Draft {
        conversation_id: change.conversation,
        body: change.body,
        files: change.files,
        changed_at: engine.now(),
    };
    let dropped = engine.store().write(move |tx| tx.save_draft(&draft)).await?;
    engine.store().delete_media(dropped).await?;
    Ok(Nothing {})
}

pub async fn file_begin(app: &App, begin: FileBegin) -> Result<FileRef, ApiError> {
    let engine = app.engine()?;
    let (registry, conversation) = (app.0.registry.clone(), begin.conversation);
    let (_, takes) = engine
        .store()
        .read(move |tx| engine::inbox::capabilities_of(tx, conversation, &|id| registry.capabilities(id)))
        .await?;
    if begin.size_bytes == 0 || begin.size_bytes > takes.max_bytes(&begin.mime) {
        return Err(ErrorCode::FileRefused.into());
    }
    let upload = app.0.uploads.begin(&begin.name, begin.size_bytes).ok_or(ErrorCode::FileRefused)?;
    Ok(FileRef { upload })
}

pub async fn file_append(app: &App, piece: FilePiece) -> Result<FileRef, ApiError> {
    app.0.uploads.append(&piece.upload, &piece.base64).ok_or(ErrorCode::FileRefused)?;
    Ok(FileRef { upload: piece.upload })
}

pub async fn file_finish(app: &App, which: FileRef) -> Result<DraftFile, ApiError> {
    let (name, bytes) = app.0.uploads.finish(&which.upload).ok_or(ErrorCode::FileRefused)?;
    let size_bytes = bytes.len() as u64;
    let (media, mime) = app.engine()?.keep_own_file(bytes).await?;
    Ok(DraftFile { media, name, mime: mime.to_owned(), size_bytes })
}

pub async fn picture_paste(app: &App, _: Nothing) -> Result<CopiedPicture, ApiError> {
    let host = app.0.host.clone();
    #[expect(clippy::disallowed_methods, reason = "the program that it was copied in may be slow")]
    let png = tokio::task::spawn_blocking(move || host.copied_picture()).await;
    let base64 = png.ok().flatten().map(|png| base64::prelude::BASE64_STANDARD.encode(png));
    Ok(CopiedPicture { base64 })
}

pub async fn attachment_save(app: &App, which: AttachmentRef) -> Result<Saved, ApiError> {
    let engine = app.engine()?;
    let attachment = engine.store().read(move |tx| tx.attachment(which.attachment)).await?;
    let attachment = attachment.ok_or(ErrorCode::Gone)?;
    let media = attachment.media.ok_or(ErrorCode::Gone)?;
    let bytes = engine.file(&media).await?.ok_or(ErrorCode::Unreachable)?;
    let host = app.0.host.clone();
    #[expect(clippy::disallowed_methods, reason = "the disk that a person saves to may be slow")]
    let saved = tokio::task::spawn_blocking(move || host.save_download(&attachment.name, &bytes)).await;
    match saved {
        Ok(Ok(file_name)) => Ok(Saved { file_name }),
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::StorageFull => Err(ErrorCode::DiskFull.into()),
        Ok(Err(error)) => {
            tracing::warn!(kind = ?error.kind(), "a file could not be saved");
            Err(ErrorCode::Internal.into())
        }
        Err(_) => Err(ErrorCode::Internal.into()),
    }
}

fn key_in(key: MessageKey) -> store::MessageKey {
    store::MessageKey { at: key.at, order: key.order, id: key.id }
}
